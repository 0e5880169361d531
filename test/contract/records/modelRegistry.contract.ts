import assert from 'node:assert/strict';
import type { NewModel } from '../../../src/engine/ports/modelRegistry.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

const model: NewModel = {
  name: 'llama3:70b',
  node: 'spark-1',
  sizeGb: 39.5,
  quantization: 'Q4_K_M',
  contextLength: 131_072,
  performance: '45 tokens/s',
};

/** What every ModelRegistry must do. */
export function modelRegistryContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a ModelRegistry`, () => {
    it('returns what was put last, every field', async () => {
      await using opened = await open();
      const { models } = opened.records;
      await models.put({ ...model, node: 'other', performance: 'x' });
      await models.put(model);
      const kept = await opened.others.models.get(model.name);
      assert.ok(kept!.updatedAt > 0);
      assert.deepEqual(kept, { ...model, updatedAt: kept!.updatedAt });
      assert.equal(await models.get('other'), undefined);
    });

    it('knows the active model of each node', async () => {
      await using opened = await open();
      const { models } = opened.records;
      await models.activate('spark-1', 'a');
      await models.activate('spark-2', 'b');
      await models.activate('spark-1', 'c');
      assert.deepEqual(
        await opened.others.models.active(),
        new Map([
          ['spark-1', 'c'],
          ['spark-2', 'b'],
        ]),
      );
      await models.activate('spark-2', undefined);
      assert.deepEqual(await models.active(), new Map([['spark-1', 'c']]));
    });

    it('tells which model a node runs, and when it runs none', async () => {
      await using opened = await open();
      const { models, events } = opened.records;
      await models.put(model);
      await models.activate('spark-1', model.name);
      await models.activate('spark-2', model.name);
      await models.activate('spark-2', undefined);
      await models.activate('spark-2', undefined);
      await models.activate('spark-3', undefined);
      await models.remove(model.name);
      const told = (await events.since(undefined, 10)).map(({ event }) => event);
      assert.deepEqual(
        told,
        [
          ['spark-1', model.name],
          ['spark-2', model.name],
          ['spark-2', ''],
          ['spark-1', ''],
        ].map(([node, model]) => ({ type: 'model_updated', node, model })),
      );
    });

    it('lists all, by name', async () => {
      await using opened = await open();
      const { models } = opened.records;
      assert.deepEqual(await models.list(), []);
      for (const name of ['qwen:7b', model.name, 'a*b']) await models.put({ ...model, name });
      await models.addUsage('used only', { requests: 1, tokensGenerated: 1 });
      await models.activate('spark-1', model.name);
      const listed = await opened.others.models.list();
      assert.deepEqual(
        listed.map(({ name }) => name),
        ['a*b', model.name, 'qwen:7b'],
      );
      assert.deepEqual(listed[1], await models.get(model.name));
    });

    it('adds up the usage of all processes', async () => {
      await using opened = await open();
      assert.deepEqual(await opened.records.models.usage('a'), { requests: 0, tokensGenerated: 0 });
      const add = (records: OpenRecords['records']) =>
        records.models.addUsage('a', { requests: 1, tokensGenerated: 100 });
      await Promise.all(Array.from({ length: 20 }, (_, i) => add(i % 2 ? opened.records : opened.others)));
      assert.deepEqual(await opened.records.models.usage('a'), { requests: 20, tokensGenerated: 2000 });
    });

    it('removes a model with its usage, wherever it is active', async () => {
      await using opened = await open();
      const { models } = opened.records;
      await models.put(model);
      await models.addUsage(model.name, { requests: 1, tokensGenerated: 1 });
      await models.activate('spark-1', model.name);
      await models.activate('spark-2', 'b');
      await models.remove(model.name);
      await models.remove(model.name);
      assert.equal(await models.get(model.name), undefined);
      assert.deepEqual(await models.usage(model.name), { requests: 0, tokensGenerated: 0 });
      assert.deepEqual(await models.active(), new Map([['spark-2', 'b']]));
    });

    it('refuses names and numbers that are none', async () => {
      await using opened = await open();
      const { models } = opened.records;
      await refuses('invalid_input', models.put({ ...model, name: '' }));
      await refuses('invalid_input', models.put({ ...model, name: 'a:stats' }));
      await refuses('invalid_input', models.put({ ...model, sizeGb: Number.NaN }));
      await refuses('invalid_input', models.put({ ...model, contextLength: 1.5 }));
      await refuses('invalid_input', models.activate('', 'a'));
      await refuses('invalid_input', models.activate('a', 'a:stats'));
      await models.addUsage('a', { requests: 1, tokensGenerated: 1 });
      await refuses('invalid_input', models.get('a:stats'));
      await refuses('invalid_input', models.usage('a:stats'));
      await refuses('invalid_input', models.remove('a:stats'));
      await refuses('invalid_input', models.addUsage('a', { requests: -1, tokensGenerated: 0 }));
    });
  });
}

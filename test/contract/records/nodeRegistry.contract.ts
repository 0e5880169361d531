import assert from 'node:assert/strict';
import { HEARTBEAT_TTL_MS, type NodeRecord } from '../../../src/engine/ports/nodeRegistry.ts';
import { clusterHealth } from '../../../src/engine/records/clusterHealth.ts';
import { routeToNode } from '../../../src/engine/records/routeToNode.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

const node: NodeRecord = {
  name: 'spark-1',
  gpu: 'GB10',
  vramGb: 128,
  computeTflops: 31.5,
  ramGb: 128,
  roles: ['training', 'inference'],
  status: 'online',
};
const load = { cpu: 12.5, gpu: 80, mem: 40 };

/** What every NodeRegistry must do. */
export function nodeRegistryContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a NodeRegistry`, () => {
    it('returns what was put last, every field', async () => {
      await using opened = await open();
      const { nodes } = opened.records;
      await nodes.put({ ...node, gpu: 'other', roles: [] });
      await nodes.put(node);
      assert.deepEqual(await opened.others.nodes.get('spark-1'), node);
      assert.equal(await nodes.get('other'), undefined);
      assert.deepEqual(await nodes.active(), []);
    });

    it('lists a node as live for 30 seconds after each heartbeat', async () => {
      await using opened = await open();
      const { nodes } = opened.records;
      await nodes.put(node);
      await nodes.heartbeat('spark-1', { cpu: 0, gpu: 0, mem: 0 });
      await nodes.heartbeat('unknown', load);
      await opened.elapse(HEARTBEAT_TTL_MS - 10_000);
      await nodes.heartbeat('spark-1', load);
      assert.deepEqual(await opened.others.nodes.active(), [
        { name: 'spark-1', node, load },
        { name: 'unknown', load },
      ]);
      await opened.elapse(10_000);
      assert.deepEqual(await nodes.active(), [{ name: 'spark-1', node, load }, { name: 'unknown' }]);
    });

    it('retires the silent ones, and takes back one that beats again', async () => {
      await using opened = await open();
      const { nodes } = opened.records;
      for (const name of ['a', 'b']) {
        await nodes.put({ ...node, name });
        await nodes.heartbeat(name, load);
      }
      await opened.elapse(HEARTBEAT_TTL_MS);
      await nodes.heartbeat('b', load);
      assert.deepEqual(await nodes.retireSilent(), ['a']);
      assert.deepEqual(await nodes.retireSilent(), []);
      assert.deepEqual(
        (await nodes.active()).map(({ name }) => name),
        ['b'],
      );
      assert.equal((await nodes.get('a'))?.status, 'offline');
      await nodes.heartbeat('a', load);
      assert.equal((await nodes.get('a'))?.status, 'online');
      assert.deepEqual(
        (await nodes.active()).map(({ name }) => name),
        ['a', 'b'],
      );
    });

    it('retires a live node that goes, once and again', async () => {
      await using opened = await open();
      const { nodes } = opened.records;
      await nodes.put({ ...node, status: 'draining' });
      await nodes.heartbeat('spark-1', load);
      assert.equal((await nodes.get('spark-1'))?.status, 'draining');
      await nodes.retire('spark-1');
      await nodes.retire('spark-1');
      await nodes.retire('never seen');
      assert.deepEqual(await nodes.active(), []);
      assert.equal((await nodes.get('spark-1'))?.status, 'offline');
      assert.equal(await nodes.get('never seen'), undefined);
    });

    it('tells who comes and who goes, each once', async () => {
      await using opened = await open();
      const { nodes, events } = opened.records;
      await nodes.put({ ...node, status: 'draining' });
      await nodes.heartbeat('spark-1', load);
      await nodes.heartbeat('naïve "🦊"', load);
      await opened.others.nodes.heartbeat('spark-1', load);
      await opened.elapse(HEARTBEAT_TTL_MS);
      await nodes.heartbeat('spark-1', load);
      const retired = await Promise.all([nodes.retireSilent(), opened.others.nodes.retireSilent()]);
      assert.deepEqual(retired.flat(), ['naïve "🦊"']);
      await nodes.retire('spark-1');
      await nodes.retire('spark-1');
      await nodes.retire('never seen');
      await nodes.heartbeat('spark-1', load);
      const told = (await events.since(undefined, 10)).map(({ event }) => event);
      assert.deepEqual(
        told,
        [
          ['spark-1', 'draining'],
          ['naïve "🦊"', 'online'],
          ['naïve "🦊"', 'offline'],
          ['spark-1', 'offline'],
          ['spark-1', 'online'],
        ].map(([node, status]) => ({ type: 'node_status', node, status })),
      );
    });

    it('tells enough to route a request and to judge the health', async () => {
      await using opened = await open();
      const { nodes } = opened.records;
      await nodes.put({ ...node, name: 'small', vramGb: 8, roles: ['embeddings'] });
      await nodes.heartbeat('small', { cpu: 1, gpu: 1, mem: 1 });
      await nodes.put({ ...node, name: 'silent' });
      await nodes.heartbeat('silent', { cpu: 0, gpu: 0, mem: 0 });
      await opened.elapse(HEARTBEAT_TTL_MS - 5_000);
      await nodes.heartbeat('small', { cpu: 1, gpu: 1, mem: 1 });
      await nodes.put({ ...node, name: 'busy' });
      await nodes.heartbeat('busy', { cpu: 5, gpu: 90, mem: 5 });
      await nodes.put({ ...node, name: 'free' });
      await nodes.heartbeat('free', { cpu: 50, gpu: 10, mem: 5 });
      await nodes.put({ ...node, name: 'draining', status: 'draining' });
      await nodes.heartbeat('draining', { cpu: 0, gpu: 0, mem: 0 });
      await opened.elapse(5_000);
      const active = await nodes.active();
      assert.equal(routeToNode(active, { role: 'inference' }), 'free');
      assert.equal(routeToNode(active), 'small');
      assert.equal(routeToNode(active, { minVramGb: 16, minRamGb: 64 }), 'free');
      assert.equal(routeToNode(active, { role: 'embeddings', minVramGb: 16 }), undefined);
      assert.deepEqual(clusterHealth(active), {
        live: ['busy', 'draining', 'free', 'small'],
        silent: ['silent'],
        roles: { training: 3, inference: 3, embeddings: 1 },
        load: (90 + 0 + 50 + 1) / 4,
      });
    });

    it('refuses names and numbers that are none', async () => {
      await using opened = await open();
      const { nodes } = opened.records;
      await refuses('invalid_input', nodes.put({ ...node, name: 'a:heartbeat' }));
      await refuses('invalid_input', nodes.put({ ...node, roles: ['a,b'] }));
      await refuses('invalid_input', nodes.put({ ...node, vramGb: -1 }));
      await refuses('invalid_input', nodes.put({ ...node, gpu: 'half \ud800' }));
      await refuses('invalid_input', nodes.heartbeat('', load));
      await refuses('invalid_input', nodes.heartbeat('a:heartbeat', load));
      await refuses('invalid_input', nodes.get('a:heartbeat'));
      await refuses('invalid_input', nodes.retire('a:heartbeat'));
      await refuses('invalid_input', nodes.heartbeat('a', { ...load, cpu: Number.NaN }));
      assert.deepEqual(await nodes.active(), []);
    });
  });
}

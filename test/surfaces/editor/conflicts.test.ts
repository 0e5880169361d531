import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { MERGER } from '../../../src/engine/model/operation.ts';
import { conflictsOf } from '../../../src/surfaces/editor/engine/conflicts.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { startLine } from '../../fixtures/line.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const window: Caller = callerNamed('vscode');

describe('memories in conflict', function () {
  this.timeout(60_000);

  it('are those that two machines changed at once, until a person has looked', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    await using line = await startLine(redis.port);
    const open = (name: string, port: number) =>
      openEngine(join(folder.path, name), {
        ...{ 'embedding.provider': 'off', 'redis.url': `redis://127.0.0.1:${port}` },
      });
    await using laptop = await open('laptop', line.port);
    await using desk = await open('desk', redis.port);
    const [stored] = await desk.memories.store([{ content: 'Retry five times.' }], window);
    const { id } = stored!.memory;
    await until(async () => (await laptop.memories.get(id, window)).version === 1);
    assert.deepEqual((await conflictsOf(laptop, window, 0)).memories, []);

    await line.cut();
    await laptop.memories.update(id, { content: 'Retry four times.' }, window);
    await laptop.memories.store([{ content: 'Nobody else knows this.' }], window);
    await desk.memories.update(id, { content: 'Retry six times.' }, window);
    await line.mend();
    await until(async () => (await laptop.memories.get(id, window)).content === 'Retry six times.');

    for (const engine of [laptop, desk]) {
      await until(async () => (await conflictsOf(engine, window, 0)).memories.length > 0);
      const { head, memories } = await conflictsOf(engine, window, 0);
      assert.deepEqual(
        memories.map(({ content }) => content),
        ['Retry six times.'],
      );
      const versions = await engine.memories.versions(id, window);
      const merged = (await engine.operations(9, window)).find(({ principal }) => principal === MERGER);
      const replaced = versions.find(({ version }) => version === merged!.version - 1);
      assert.equal(replaced?.memory.content, 'Retry four times.');
      assert.deepEqual((await conflictsOf(engine, window, head)).memories, []);
      // A store that was made anew counts from its own beginning.
      assert.equal((await conflictsOf(engine, window, head + 1000)).memories.length, 1);
    }
  });
});

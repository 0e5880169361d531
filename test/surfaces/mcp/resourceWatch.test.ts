import assert from 'node:assert/strict';
import type { Engine } from '../../../src/engine/engine.ts';
import { memoryUri, RECENT_URI } from '../../../src/surfaces/mcp/memoryUri.ts';
import { EngineResourceWatch } from '../../../src/surfaces/mcp/resourceWatch.ts';
import { claude } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { silent } from '../../fixtures/logger.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const MOST = 1000;

describe('memories that a client watches', () => {
  it('are so many at most, each under an address that is no book', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    using watch = new EngineResourceWatch(engine, claude, () => {}, silent);
    const uris = Array.from({ length: MOST + 50 }, (_, i) => memoryUri('shop', `id-${i}`));
    const added = await Promise.allSettled(uris.map(uri => watch.add(uri)));
    assert.equal(added.filter(({ status }) => status === 'fulfilled').length, MOST);
    await assert.rejects(watch.add(RECENT_URI), /1000 addresses are watched already/);
    await watch.add(uris[0]!);
    watch.remove(uris[0]!);
    await watch.add(RECENT_URI);
    watch.remove(RECENT_URI);
    await assert.rejects(watch.add(memoryUri('shop', 'i'.repeat(5000))), /at most 4096 characters/);
  });

  it('are looked at with one question, once for changes that come together, and told of each', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    const drafts = Array.from({ length: 20 }, (_, i) => ({ content: `Note ${i}` }));
    const ids = (await engine.memories.store(drafts, claude)).map(({ memory }) => memory.id);
    let asked = 0;
    const { memories } = engine;
    const counted = {
      watch: (changed: () => void) => engine.watch(changed),
      memories: {
        list: (...given: Parameters<typeof memories.list>) => {
          asked += 1;
          return memories.list(...given);
        },
      },
    } as unknown as Engine;
    const changed = new Set<string>();
    using watch = new EngineResourceWatch(counted, claude, uri => changed.add(uri), silent);
    const uris = ids.map(id => memoryUri('shop', id));
    for (const uri of [...uris, memoryUri('shop', 'none')]) await watch.add(uri);
    asked = 0;
    await Promise.all(ids.map(id => memories.update(id, { content: `Note ${id}, anew` }, claude)));
    await until(() => changed.size === ids.length);
    assert.deepEqual(changed, new Set(uris));
    // One look each time somebody changed something, at most; with a question for each memory it were twenty times as many.
    assert.ok(asked <= 2 * ids.length, `${asked}`);
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { otherSealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('a machine without the key of sensitive memories', () => {
  it('may store openly what one of them says: those with the key go on', async () => {
    await using site = await lan();
    const { stranger, keeper } = site;
    await store(keeper, 's', 'the text');
    await keeper.memories.update('s', { sensitive: true }, claude);
    await store(stranger, 'open', 'the text');
    assert.deepEqual(await shown(keeper), ['open: the text', 's: the text']);
    await goesOn(site);
  });

  it('may change a memory to what one of them says: those with the key go on', async () => {
    await using site = await lan();
    const { stranger, keeper } = site;
    await keeper.memories.insert([draft('the text', { id: 's', sensitive: true })], claude);
    await store(stranger, 'open', 'something else');
    await stranger.memories.update('open', { content: 'the text' }, claude);
    assert.deepEqual(await shown(keeper), ['open: the text', 's: the text']);
    await goesOn(site);
  });

  it('brings what it wrote while it was away, but for what became sensitive meanwhile', async () => {
    await using site = await lan();
    const { stranger, keeper, line } = site;
    await store(stranger, 'm', 'the text');
    await line.cut();
    await stranger.memories.update('m', { content: 'edited' }, claude);
    await store(stranger, 'n', 'written meanwhile');
    await keeper.memories.update('m', { sensitive: true }, claude);
    await line.mend();
    await settled(stranger);
    assert.deepEqual(await shown(stranger), ['n: written meanwhile']);
    assert.deepEqual(await shown(keeper), ['m: the text', 'n: written meanwhile']);
    await goesOn(site);
  });
});

interface Site extends AsyncDisposable {
  /** Has another key; on the line. */
  readonly stranger: Store;
  readonly keeper: Store;
  readonly line: Line;
}

async function lan(): Promise<Site> {
  const folder = await temporaryFolder();
  const redis = await startRedis();
  const line = await startLine(redis.port);
  const at = (name: string) => ({ path: join(folder.path, `${name}.db`) });
  const stranger = await openMachine({ ...at('stranger'), port: line.port, key: otherSealer });
  const keeper = await openMachine({ ...at('keeper'), port: redis.port });
  return {
    ...{ stranger, keeper, line },
    async [Symbol.asyncDispose]() {
      for (const part of [stranger, keeper, line, redis, folder]) await part[Symbol.asyncDispose]();
    },
  };
}

/** What either writes is here and there, and nothing waits. */
async function goesOn({ stranger, keeper }: Site): Promise<void> {
  await store(keeper, 'k', 'by the keeper');
  await store(stranger, 'l', 'by the stranger');
  for (const machine of [keeper, stranger]) {
    const now = await shown(machine);
    assert.deepEqual(
      now.filter(one => / by the /.test(one)),
      ['k: by the keeper', 'l: by the stranger'],
    );
    const { problem, waiting } = (await machine.report()).central!;
    assert.deepEqual([problem, waiting], [undefined, 0]);
  }
}

async function store(machine: Store, id: string, content: string): Promise<void> {
  await machine.memories.insert([draft(content, { id })], claude);
}

async function shown(machine: Store): Promise<string[]> {
  const { memories } = await machine.memories.list({}, { limit: 100, offset: 0 }, viewerOf(claude));
  return memories.map(({ id, content }) => `${id}: ${content}`).sort();
}

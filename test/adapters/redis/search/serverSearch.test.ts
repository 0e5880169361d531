import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { word } from '../../../../src/adapters/redis/search/documentFields.ts';
import { createSnowballStemmer } from '../../../../src/adapters/text/snowball.ts';
import { viewerOf } from '../../../../src/engine/model/caller.ts';
import type { MemoryIndex } from '../../../../src/engine/ports/memoryIndex.ts';
import type { Store } from '../../../../src/engine/ports/store.ts';
import { Analyzer } from '../../../../src/engine/search/analyze.ts';
import { packageRoot } from '../../../../src/main/assets.ts';
import { query } from '../../../contract/memoryIndex.contract.ts';
import { claude, editor } from '../../../fixtures/callers.ts';
import { draft } from '../../../fixtures/drafts.ts';
import { startLine } from '../../../fixtures/line.ts';
import { openMachine } from '../../../fixtures/machine.ts';
import type { RedisServer } from '../../../fixtures/redis.ts';
import { startRedisWithSearch } from '../../../fixtures/redisWithSearch.ts';
import {
  embedTexts,
  MODEL,
  OTHER_MODEL,
  openSearchIndex,
  searchedOnServer,
  vectorOf,
} from '../../../fixtures/searchIndex.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';
import { textInRedis } from '../../../fixtures/textInRedis.ts';
import { until } from '../../../fixtures/until.ts';

const DAY_MS = 86_400_000;

describe('the search index on the server', function () {
  this.timeout(120_000);
  let redis: RedisServer;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let prefixes = 0;
  let prefix: string;
  const opened: AsyncDisposable[] = [];

  before(async () => {
    redis = await startRedisWithSearch();
  });

  after(() => redis[Symbol.asyncDispose]());

  beforeEach(async () => {
    prefix = `p${prefixes++}:`;
    folder = await temporaryFolder();
  });

  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('is complemented by what another machine wrote a moment ago', async () => {
    const [one, two] = [await machine('one'), await machine('two')];
    await one.store.memories.insert([draft('the first word', { id: 'first' })], claude);
    await searchedOnServer(two.store, two.index);
    for (let i = 0; i < 20; i++) {
      await one.store.memories.insert([draft(`unheard${i} of`, { id: `${i}` })], claude);
      assert.deepEqual(await found(two.index, `unheard${i}`), [`${i}`]);
      await one.store.memories.remove([`${i}`], claude);
      assert.deepEqual(await found(two.index, `unheard${i}`), []);
    }
    assert.equal((await two.index.place()).problem, undefined);
  });

  it('is whole again after whoever wrote it was killed half way', async () => {
    const { index, store } = await machine('one');
    const count = 4_000;
    const drafts = Array.from({ length: count }, (_, i) => draft(`note ${i} of many`, { id: `${i}` }));
    for (let i = 0; i < count; i += 500) await store.memories.insert(drafts.slice(i, i + 500), claude);
    const child = spawn(
      process.execPath,
      [
        ...['--import', 'tsx', join(packageRoot, 'test/fixtures/searchProcess.ts')],
        ...[folder.path, `${redis.port}`, prefix],
      ],
      { cwd: packageRoot, stdio: ['pipe', 'ignore', 'inherit'] },
    );
    const documents = async () => (await store.search!.report(MODEL)).documents;
    await until(async () => (await documents()) > 200);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const half = await documents();
    assert.ok(half < count, `killed half way, at ${half}`);
    await store.memories.remove(['0', '1'], claude);
    const { name } = await store.search!.report(MODEL);
    await index.search(query('note'));
    // Nobody waits here for the 15 s that a dead process keeps its right.
    await redis.cli('HSET', name, 'until', '0');
    await store.memories.insert([draft('the last note', { id: 'last' })], claude);
    await searchedOnServer(store, index);
    assert.equal(await documents(), count - 1);
    const keys = (await redis.cli('KEYS', `${name}:memory:*`)).split('\n');
    const ids = keys.map(key => key.slice(`${name}:memory:`.length)).sort();
    assert.deepEqual(ids, [...drafts.slice(2).map(({ id }) => id), 'last'].sort());
    assert.deepEqual(await found(index, 'last'), ['last']);
  });

  it('lets nobody write who has lost the right to', async () => {
    const { store } = await machine('one');
    const search = store.search!;
    const lease = await search.lead(MODEL, 'one');
    assert.equal(await search.lead(MODEL, 'two'), undefined);
    const gone = [{ id: 'x', gone: true }] as const;
    assert.equal(await search.project(MODEL, lease!, gone, 1), true);
    assert.equal(await search.project(MODEL, lease!, gone, 2), false, 'it stands at 1 already');
    await search.release(MODEL, 'two');
    assert.equal(await search.lead(MODEL, 'two'), undefined, 'what one has not, one cannot give back');
    await search.release(MODEL, 'one');
    assert.deepEqual(await search.lead(MODEL, 'two'), { token: 'two', position: 1, open: false });
    assert.equal(await search.project(MODEL, { ...lease!, position: 1 }, gone, 2), false);
  });

  it('is made anew when somebody drops it, and nobody misses a memory meanwhile', async () => {
    const { index, store } = await machine('one');
    await store.memories.insert([draft('the red fox', { id: 'fox' })], claude);
    await embedTexts(store);
    await searchedOnServer(store, index);
    const { name } = (await index.place()).server!;
    for (const documents of [[], ['DD']]) {
      await redis.cli('FT.DROPINDEX', name, ...documents);
      assert.deepEqual(await found(index, 'fox'), ['fox']);
      assert.match((await index.place()).problem ?? '', /search index.*Searched here: all 1 memories/);
      await searchedOnServer(store, index);
      assert.deepEqual(await found(index, 'fox'), ['fox']);
      assert.equal((await index.place()).problem, undefined);
    }
  });

  it('is compared with the store, and projected anew where it lacks something', async () => {
    const { index, store } = await machine('one');
    await store.memories.insert([draft('the red fox', { id: 'fox' })], claude);
    await searchedOnServer(store, index);
    const { name } = (await index.place()).server!;
    await redis.cli('DEL', `${name}:memory:fox`);
    await until(async () => (await index.verify()).repaired.length === 1);
    await searchedOnServer(store, index);
    assert.deepEqual(await index.verify(), { checked: 1, repaired: [] });
  });

  it('gives the index of another model its time, and leaves that of the first to others', async () => {
    const [one, two] = [await machine('one'), await machine('two')];
    await one.store.memories.insert(
      [draft('red fox', { id: 'fox' }), draft('tax law', { id: 'tax' })],
      claude,
    );
    for (const { index, store } of [one, two]) {
      for (const model of [MODEL, OTHER_MODEL]) await embedTexts(store, model);
      await searchedOnServer(store, index);
    }
    await two.index.useModel(OTHER_MODEL);
    await searchedOnServer(two.store, two.index);
    const nearest = async (index: MemoryIndex, model: typeof MODEL) =>
      (await index.search(query('', { vector: vectorOf('tax law', model), limit: 1 })))[0]?.id;
    assert.equal(await nearest(one.index, MODEL), 'tax');
    assert.equal(await nearest(two.index, OTHER_MODEL), 'tax');
    const names = [await one.index.place(), await two.index.place()].map(({ server }) => server!.name);
    assert.equal(new Set(names).size, 2);
    assert.deepEqual(await two.store.search!.retire([OTHER_MODEL]), [], 'it was used today');
    await redis.cli('HSET', names[0]!, 'used', `${Date.now() - 2 * DAY_MS}`);
    assert.deepEqual(await two.store.search!.retire([OTHER_MODEL]), [names[0]]);
    assert.equal(await redis.cli('KEYS', `${names[0]}*`), '');
    assert.equal(await nearest(two.index, OTHER_MODEL), 'tax');
  });

  it('stands beside that of another release, and leaves it alone while it is used', async () => {
    const { index, store } = await machine('one');
    const other = `${prefix}search:v0:other`;
    await redis.cli('FT.CREATE', other, 'PREFIX', '1', `${other}:memory:`, 'SCHEMA', 'text', 'TEXT');
    await redis.cli('SADD', `${prefix}search:indexes`, other);
    await redis.cli('HSET', other, 'used', `${Date.now()}`);
    await redis.cli('HSET', `${other}:memory:a`, 'text', 'fox');
    await store.memories.insert([draft('red fox', { id: 'fox' })], claude);
    await searchedOnServer(store, index);
    assert.deepEqual(await store.search!.retire([MODEL]), []);
    assert.match(await redis.cli('FT.SEARCH', other, 'fox'), /memory:a/);
    assert.deepEqual(await found(index, 'fox'), ['fox']);
    await redis.cli('HSET', other, 'used', `${Date.now() - 2 * DAY_MS}`);
    assert.deepEqual(await store.search!.retire([MODEL]), [other]);
    assert.equal(await redis.cli('KEYS', `${other}*`), '');
    assert.deepEqual(await found(index, 'fox'), ['fox']);
  });

  it('is made once, whoever comes first', async () => {
    const machines = await Promise.all(['one', 'two', 'three'].map(name => machine(name)));
    await machines[0]!.store.memories.insert([draft('red fox', { id: 'fox' })], claude);
    const answers = await Promise.all(machines.map(({ index }) => found(index, 'fox')));
    assert.deepEqual(answers, [['fox'], ['fox'], ['fox']]);
    for (const { index, store } of machines) await searchedOnServer(store, index);
    const names = (await redis.cli('FT._LIST')).split('\n').filter(name => name.startsWith(prefix));
    assert.equal(names.length, 1);
  });

  it('gets nothing of a sensitive memory, and loses one that becomes sensitive', async () => {
    const { index, store } = await machine('one');
    const drafts = [
      draft('xylophone secret', { id: 'sealed', sensitive: true }),
      draft('quixotic plan', { id: 'plan' }),
    ];
    await store.memories.insert(drafts, claude);
    await embedTexts(store);
    await searchedOnServer(store, index);
    const traces = ['xylophone', ...wordsOf('xylophone')];
    const text = await textInRedis(redis.port);
    assert.deepEqual(
      traces.filter(trace => text.includes(trace)),
      [],
    );
    assert.ok(
      wordsOf('quixotic').every(trace => text.includes(trace)),
      'the others are there',
    );
    assert.deepEqual(await found(index, 'xylophone'), ['sealed']);
    const { name } = (await index.place()).server!;
    assert.equal(await redis.cli('KEYS', `${name}:memory:*`), `${name}:memory:plan`);
    await store.memories.update('plan', { sensitive: true }, claude);
    assert.deepEqual(await found(index, 'quixotic'), ['plan']);
    await until(async () => (await redis.cli('KEYS', `${name}:memory:*`)) === '');
    assert.deepEqual(await found(index, 'quixotic'), ['plan']);
  });

  it('is stood in for by this machine while Redis is away', async () => {
    const { index, store } = await machine('one', { deadlineMs: 500 });
    await store.memories.insert(
      [draft('red fox', { id: 'fox' }), draft('her fox', { id: 'own', visibility: 'private' })],
      claude,
    );
    await embedTexts(store);
    await searchedOnServer(store, index);
    await redis.kill();
    try {
      const viewer = viewerOf(editor);
      assert.deepEqual(await found(index, 'fox', { viewer }), ['fox']);
      await store.memories.insert([draft('another fox', { id: 'offline' })], claude);
      assert.deepEqual((await found(index, 'fox', { viewer })).sort(), ['fox', 'offline']);
      assert.equal((await index.near('fox', query('', { viewer })))?.[0]?.id, 'fox');
      assert.match((await index.place()).problem ?? '', /not listening|closed|not connected|answer/);
    } finally {
      await redis.restart();
    }
    await until(async () => (await found(index, 'fox')).length === 3);
    await embedTexts(store);
    await searchedOnServer(store, index);
    assert.deepEqual((await found(index, 'fox')).sort(), ['fox', 'offline', 'own']);
  });

  it('is stood in for while Redis says nothing, and nobody waits longer than the deadline', async () => {
    await using line = await startLine(redis.port);
    const { index, store } = await machine('one', { deadlineMs: 300, port: line.port });
    await store.memories.insert([draft('red fox', { id: 'fox' })], claude);
    await searchedOnServer(store, index);
    line.hush(true);
    assert.deepEqual(await found(index, 'fox'), ['fox']);
    assert.match((await index.place()).problem ?? '', /Searched here: all 1 memories|does not answer|closed/);
    line.hush(false);
    await searchedOnServer(store, index);
    assert.equal(index.problem, undefined);
  });

  it('tells of documents that the server cannot index', async () => {
    const { index, store } = await machine('one');
    await store.memories.insert([draft('red fox', { id: 'fox' })], claude);
    await searchedOnServer(store, index);
    const { name } = (await index.place()).server!;
    await redis.cli('HSET', `${name}:memory:broken`, 'vector', 'short');
    await until(async () => (await index.place()).server?.failures === 1);
    assert.match((await index.place()).problem ?? '', /could not index 1/);
    assert.deepEqual(await found(index, 'fox'), ['fox']);
  });

  it('goes with its documents and nothing else', async () => {
    const { index, store } = await machine('one');
    await store.memories.insert([draft('red fox', { id: 'fox' })], claude);
    await embedTexts(store);
    await searchedOnServer(store, index);
    await redis.cli('HSET', `${prefix}search:other`, 'a', 'b');
    await redis.cli('FT.CREATE', `${prefix}another`, 'SCHEMA', 'a', 'TEXT');
    const keys = async () => (await redis.cli('KEYS', `${prefix}*`)).split('\n').sort();
    const { name } = (await index.place()).server!;
    const others = (await keys()).filter(key => !key.startsWith(name) && key !== `${prefix}search:indexes`);
    assert.deepEqual(await index.dropFromServer(), [name]);
    assert.deepEqual(await keys(), others);
    assert.match(await redis.cli('FT._LIST'), new RegExp(`${prefix}another`));
    assert.doesNotMatch(await redis.cli('FT._LIST'), new RegExp(name));
    assert.deepEqual(await found(index, 'fox'), ['fox']);
  });

  async function machine(
    name: string,
    options: { readonly deadlineMs?: number; readonly port?: number } = {},
  ): Promise<{ readonly store: Store; readonly index: MemoryIndex }> {
    const path = join(folder.path, `${name}.db`);
    const store = await openMachine({ path, port: redis.port, prefix, ...options });
    opened.push(store);
    const index = await openSearchIndex(store, { folder: folder.path, place: 'server' });
    opened.push(index);
    return { store, index };
  }
});

async function found(index: MemoryIndex, text: string, fields = {}): Promise<string[]> {
  const hits = await index.search(query(text, { now: Date.now(), ...fields }));
  return hits.map(hit => hit.id);
}

/** A text's words, as documents hold them. */
function wordsOf(text: string): string[] {
  return [...new Analyzer(createSnowballStemmer()).analyze(text).terms.keys()].map(word);
}

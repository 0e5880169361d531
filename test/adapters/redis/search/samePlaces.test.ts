import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { viewerOf } from '../../../../src/engine/model/caller.ts';
import { PRIORITIES, VISIBILITIES } from '../../../../src/engine/model/memory.ts';
import type { NewMemory } from '../../../../src/engine/ports/memoryStore.ts';
import type { SearchQuery } from '../../../../src/engine/search/searchQuery.ts';
import { NOW, query } from '../../../contract/memoryIndex.contract.ts';
import { callerNamed, claude } from '../../../fixtures/callers.ts';
import { draft } from '../../../fixtures/drafts.ts';
import { openMachine } from '../../../fixtures/machine.ts';
import { startRedisWithSearch } from '../../../fixtures/redisWithSearch.ts';
import { embedTexts, openSearchIndex, searchedOnServer, vectorOf } from '../../../fixtures/searchIndex.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

const codex = callerNamed('codex');
const OPEN: Partial<NewMemory> = { review: 'accepted', unreviewedBy: null };
const WORDS = ['red', 'green', 'blue', 'fast', 'slow', 'storage', 'index', 'getUserName', 'a/path.ts'];
const words = (most: number) =>
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: most }).map(some => some.join(' '));

const change = fc.record({
  id: fc.integer({ min: 0, max: 30 }).map(String),
  content: words(6),
  fields: fc.record({
    namespace: fc.constantFrom('shop', 'bank'),
    session: fc.option(fc.constantFrom('s', 't')),
    priority: fc.constantFrom(...PRIORITIES),
    visibility: fc.constantFrom(...VISIBILITIES),
    tags: fc.constantFrom([], ['x'], ['x', 'y']),
    sensitive: fc.boolean(),
    expiresAt: fc.constantFrom(null, NOW - 1, NOW + 1),
    createdAt: fc.integer({ min: 1, max: 1_000 }),
  }),
  gone: fc.boolean(),
});

const question = fc.record(
  {
    text: words(3),
    vector: words(3).map(text => vectorOf(text)),
    namespaces: fc.constantFrom(['shop'], ['shop', 'bank']),
    tags: fc.constantFrom(['x'], ['x', 'y']),
    session: fc.constantFrom('s', 't'),
    since: fc.integer({ min: 1, max: 1_000 }),
    viewer: fc.constantFrom(
      { principal: 'ada@host/claude-code', client: 'claude-code' },
      { principal: 'eve@host/x', client: 'x' },
    ),
  },
  { requiredKeys: ['text'] },
);

describe('a search on the server', function () {
  this.timeout(300_000);

  it('finds what one in the process finds, whatever has changed and is asked', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedisWithSearch();
    const path = join(folder.path, 'replica.db');
    await using store = await openMachine({ path, port: redis.port, now: () => NOW - 2 });
    await using here = await openSearchIndex(store, { folder: folder.path, place: 'process' });
    await using there = await openSearchIndex(store, { folder: folder.path, place: 'server' });
    const compare = async (asked: Partial<SearchQuery>) => {
      const wanted = query(asked.text!, { ...asked, limit: 100 });
      const [own, served] = [await here.search(wanted), await there.search(wanted)];
      const ids = (hits: typeof own) => hits.map(({ id }) => id).sort();
      assert.deepEqual(ids(served), ids(own));
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.array(question, { minLength: 4, maxLength: 8 }),
        fc.boolean(),
        async (changes, questions, settled) => {
          for (const { content, fields, gone, id } of changes) {
            await store.memories.remove([id], claude);
            // A text of its own, which is no duplicate.
            if (!gone) await store.memories.insert([draft(`${content} ${id}`, { ...fields, id })], claude);
          }
          await embedTexts(store);
          if (settled) await searchedOnServer(store, there);
          for (const one of questions) await compare(one);
        },
      ),
      { numRuns: 40 },
    );
    assert.equal((await there.place()).problem, undefined);
  });

  it('scores as one in the process does', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedisWithSearch();
    await using store = await openMachine({ path: join(folder.path, 'replica.db'), port: redis.port });
    const texts = Array.from({ length: 60 }, (_, i) => `${WORDS[i % 7]} ${WORDS[i % 5]} note ${i} of many`);
    const drafts = texts.map((text, i) =>
      draft(text, { id: `${i}`, createdAt: i + 1, ...(i % 2 === 0 && { session: `s${i % 6}` }) }),
    );
    await store.memories.insert(drafts, claude);
    await embedTexts(store);
    await using here = await openSearchIndex(store, { folder: folder.path, place: 'process' });
    await using there = await openSearchIndex(store, { folder: folder.path, place: 'server' });
    await searchedOnServer(store, there);
    for (const text of ['red storage', 'getUserName of many', 'note 7']) {
      const asked = query(text, { vector: vectorOf(text), limit: 30 });
      const [own, served] = [await here.search(asked), await there.search(asked)];
      const scores = new Map(own.map(({ id, score }) => [id, score]));
      const apart = served.map(({ id, score }) => Math.abs(score - (scores.get(id) ?? 0)));
      // The process reads a cosine from 8 bits a number.
      assert.ok(own.length === 30 && Math.max(...apart) < 0.01, `${Math.max(...apart)}`);
    }
  });

  it('scores for each viewer as if there were only what it may see, whoever asked before', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedisWithSearch();
    await using store = await openMachine({ path: join(folder.path, 'replica.db'), port: redis.port });
    // What makes a word common is not everybody's to see.
    const crowds: readonly (readonly [string, Partial<NewMemory>])[] = [
      ['storage', { namespace: 'lab' }],
      ['red', { visibility: 'private' }],
      ['blue', { visibility: 'shared', sharedWith: ['codex'] }],
      ['slow', { review: 'unreviewed', unreviewedBy: codex.principal.id }],
    ];
    const notes = Array.from({ length: 40 }, (_, i) => [`${WORDS[i % 7]} ${WORDS[i % 5]}`, OPEN] as const);
    const crowded = crowds.flatMap(([word, fields]) =>
      Array.from({ length: 80 }, () => [`${word} ${word} of a crowd`, { ...OPEN, ...fields }] as const),
    );
    const drafts = [...notes, ...crowded].map(([text, fields], i) =>
      draft(`${text} ${i}`, { id: `${i}`, createdAt: i + 1, ...fields }),
    );
    await store.memories.insert(drafts, claude);
    await embedTexts(store);
    await using here = await openSearchIndex(store, { folder: folder.path, place: 'process' });
    await using there = await openSearchIndex(store, { folder: folder.path, place: 'server' });
    await searchedOnServer(store, there);
    const [owner, other] = [viewerOf(claude), viewerOf(codex)];
    const elsewhere = { ...other, client: '' };
    const seen: readonly Partial<SearchQuery>[] = [
      { viewer: owner },
      { viewer: other },
      { viewer: { ...owner, client: '' } },
      { viewer: elsewhere },
      { viewer: { ...elsewhere, namespaces: ['shop'] } },
      { viewer: elsewhere, namespaces: ['lab'] },
      { viewer: elsewhere, namespaces: ['lab', 'shop'] },
      { viewer: elsewhere, namespaces: ['lab', 'shop'], unreviewedOf: 'nobody' },
    ];
    for (const one of seen) {
      const asked = query('red blue slow storage', { ...one, limit: 30 });
      const [own, served] = [await here.search(asked), await there.search(asked)];
      assert.deepEqual([own.length, served.length], [30, 30]);
      const scores = new Map(own.map(({ id, score }) => [id, score]));
      const apart = served.map(({ id, score }) => Math.abs(score - (scores.get(id) ?? 0)));
      assert.ok(Math.max(...apart) < 0.005, `${JSON.stringify(one)}: ${Math.max(...apart)}`);
    }
  });
});

import assert from 'node:assert/strict';
import { type Viewer, viewerOf } from '../../src/engine/model/caller.ts';
import type { MemoryIndex } from '../../src/engine/ports/memoryIndex.ts';
import type { NewMemory } from '../../src/engine/ports/memoryStore.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { SearchQuery } from '../../src/engine/search/searchQuery.ts';
import { callerNamed, claude, editor } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';
import { embedTexts, OTHER_MODEL, vectorOf } from '../fixtures/searchIndex.ts';

export interface OpenedIndex extends AsyncDisposable {
  readonly store: Store;
  readonly index: MemoryIndex;
  /** Until the index itself has all that the store has. */
  settle(): Promise<void>;
}

/** Each of these is syntax somewhere in RediSearch's language, in its tags or in Redis itself. */
export const SPECIAL = [...' ,.<>{}[]"\':;!@#$%^&*()-+=~|/\\?`_\t\n', 'é', 'ß', '日', '👍', 'A', 'a'];

/** Texts that would be read as syntax, were they part of a query. */
export const SYNTAX = [
  '*',
  '(',
  ')',
  '"',
  '\\',
  '-@namespace:{x}',
  '@seen:{public}',
  '*)=>[KNN 10 @vector $v0]',
  ') | (*',
  '{a|b}',
  '$v0 $v1 | $v2',
  '%%fuzzy%%',
  'w’*’',
  '~optional',
  '[-inf +inf]',
  '=> { $weight: 5 }',
];

/** What every index of memories must do. */
export function memoryIndexContract(name: string, open: () => Promise<OpenedIndex>): void {
  describe(`${name} is an index of memories`, function () {
    this.timeout(30_000);

    it('finds words by their stems, identifiers by their parts, and paths', async () => {
      await using opened = await storing([
        draft('Caches are cleared by getUserName', { id: 'name' }),
        draft('Look into src/main/cli.ts for that', { id: 'path' }),
        draft('Nothing of the kind', { id: 'none' }),
      ]);
      for (const [question, id] of [
        ['cache', 'name'],
        ['clearing', 'name'],
        ['user', 'name'],
        ['getUserName', 'name'],
        ['cli', 'path'],
        ['src/main/cli.ts', 'path'],
      ] as const)
        assert.deepEqual(await byWords(opened, question), [id], question);
    });

    it('finds by meaning what shares no term', async () => {
      await using opened = await storing([draft('red fox', { id: 'fox' }), draft('tax law', { id: 'tax' })]);
      const hits = await opened.index.search(query('nothing', { vector: vectorOf('tax law'), limit: 1 }));
      assert.deepEqual(
        hits.map(hit => hit.id),
        ['tax'],
      );
    });

    it('shows a memory to those who may see it', async () => {
      const other = callerNamed('codex');
      await using opened = await storing([
        draft('word public', { id: 'public' }),
        draft('word private', { id: 'private', visibility: 'private' }),
        draft('word shared', { id: 'shared', visibility: 'shared', sharedWith: [editor.principal.id] }),
        draft('word client', { id: 'client', visibility: 'shared', sharedWith: ['codex'] }),
      ]);
      const seenBy = async (viewer: Viewer) => (await byWords(opened, 'word', { viewer })).sort();
      assert.deepEqual(await seenBy(viewerOf(claude)), ['client', 'private', 'public', 'shared']);
      assert.deepEqual(await seenBy(viewerOf(editor)), ['public', 'shared']);
      assert.deepEqual(await seenBy(viewerOf(other)), ['client', 'public']);
    });

    it('holds back what nobody has reviewed, where that is asked for, but from its author', async () => {
      const other = callerNamed('codex');
      await using opened = await storing([
        draft('word reviewed', { id: 'reviewed', review: 'accepted', unreviewedBy: null }),
        draft('word of claude', { id: 'claude', unreviewedBy: claude.principal.id }),
        draft('word of codex', { id: 'codex', unreviewedBy: other.principal.id }),
        draft('word rejected', { id: 'rejected', review: 'rejected', unreviewedBy: null }),
      ]);
      const all = ['claude', 'codex', 'rejected', 'reviewed'];
      const foundFor = async (filter: Partial<SearchQuery>) => {
        const words = (await byWords(opened, 'word', filter)).sort();
        const hits = await opened.index.search(query('', { vector: vectorOf('word'), ...filter }));
        assert.deepEqual(hits.map(hit => hit.id).sort(), words);
        const near = await opened.index.near('reviewed', query('', { ...filter, limit: 10 }));
        assert.deepEqual(near?.map(hit => hit.id).sort(), words);
        return words;
      };
      assert.deepEqual(await foundFor({}), all);
      assert.deepEqual(await foundFor({ unreviewedOf: claude.principal.id }), ['claude', 'reviewed']);
      assert.deepEqual(await foundFor({ unreviewedOf: other.principal.id }), ['codex', 'reviewed']);
      assert.deepEqual(await foundFor({ unreviewedOf: 'nobody' }), ['reviewed']);
      const accepted = { review: 'accepted', unreviewedBy: null } as const;
      await opened.store.memories.update('codex', accepted, { ...editor, person: true });
      await opened.settle();
      assert.deepEqual(await foundFor({ unreviewedOf: 'nobody' }), ['codex', 'reviewed']);
    });

    it('shows nothing of namespaces that the viewer does not reach, whatever is asked for', async () => {
      await using opened = await storing([
        draft('word one', { id: '1', namespace: 'bank' }),
        draft('word two', { id: '2', namespace: 'shop' }),
        draft('word three', { id: '3', namespace: 'mill' }),
      ]);
      const found = async (viewer: Viewer, filter: Partial<SearchQuery>) => {
        const asked = { viewer, limit: 10, ...filter };
        const words = (await byWords(opened, 'word', asked)).sort();
        const hits = await opened.index.search(query('', { vector: vectorOf('word'), ...asked }));
        assert.deepEqual(hits.map(hit => hit.id).sort(), words);
        const near = await opened.index.near('2', query('', asked));
        assert.deepEqual(near?.map(hit => hit.id).sort(), words);
        return words;
      };
      const all = viewerOf(claude);
      const bound = { ...all, namespaces: ['bank', 'shop'] };
      assert.deepEqual(await found(all, {}), ['1', '2', '3']);
      assert.deepEqual(await found(bound, {}), ['1', '2']);
      assert.deepEqual(await found(bound, { namespaces: ['bank', 'mill'] }), ['1']);
      assert.deepEqual(await found(bound, { namespaces: ['mill'] }), []);
      assert.deepEqual(await found({ ...all, namespaces: [] }, {}), []);
    });

    it('finds what every filter allows', async () => {
      await using opened = await storing([
        draft('word one', { id: '1', namespace: 'bank', agent: 'a', type: 'code', createdAt: 1_000 }),
        draft('word two', { id: '2', priority: 'archive', session: 's', createdAt: 2_000 }),
        draft('word three', { id: '3', tags: ['x', 'y'], createdAt: 3_000 }),
        draft('word four', { id: '4', tags: ['x'], session: 's', createdAt: 4_000 }),
        draft('word five', { id: '5', expiresAt: NOW, createdAt: 5_000 }),
        draft('word six', { id: '6', expiresAt: NOW + 1, createdAt: 6_000 }),
        draft('word seven', { id: '7', expiresAt: NOW, pinned: true, createdAt: 7_000 }),
        draft('word eight', { id: '8', validFrom: NOW + 1, createdAt: 8_000 }),
        draft('word nine', { id: '9', validFrom: NOW, validUntil: NOW + 1, createdAt: 9_000 }),
      ]);
      const usual = ['3', '4', '6', '7', '9'];
      for (const [filter, ids] of [
        [{}, ['1', ...usual]],
        [{ namespaces: ['shop'] }, usual],
        [{ namespaces: ['shop', 'bank'] }, ['1', ...usual]],
        [{ namespaces: [] }, []],
        [{ namespaces: ['nowhere'] }, []],
        [{ agent: 'a' }, ['1']],
        [{ types: ['code', 'task'] }, ['1']],
        [{ priorities: ['archive'] }, ['2']],
        [{ priorities: ['medium', 'archive'] }, ['1', '2', ...usual]],
        [{ tags: ['x'] }, ['3', '4']],
        [{ tags: ['x', 'y'] }, ['3']],
        [{ tags: ['x', 'z'] }, []],
        [{ session: 's' }, ['4']],
        [{ session: 's', namespaces: ['bank'] }, []],
        [{ labels: [{ of: 'tag', any: ['y', 'z'] }] }, ['3']],
        [{ labels: [{ of: 'tag', any: [] }] }, []],
        [{ labels: [{ of: 'tag', none: ['y'] }] }, ['1', '4', '6', '7', '9']],
        [{ labels: [{ of: 'tag', startsWith: 'x' }] }, ['3', '4']],
        [{ labels: [{ of: 'tag', between: ['w', 'x'] }] }, ['3', '4']],
        [{ labels: [{ of: 'tag', between: ['xa', 'y'] }] }, ['3']],
        [{ labels: [{ of: 'tag', any: ['x'], none: ['y'] }] }, ['4']],
        [{ labels: [{ of: 'session', any: ['s', 'other'] }] }, ['4']],
        [{ labels: [{ of: 'session', none: ['s'] }] }, ['1', '3', '6', '7', '9']],
        [{ labels: [{ of: 'session', startsWith: 's' }] }, ['4']],
        [
          {
            labels: [
              { of: 'tag', any: ['x'] },
              { of: 'session', none: ['s'] },
            ],
          },
          ['3'],
        ],
        [{ among: ['4', '6', 'unknown'] }, ['4', '6']],
        [{ among: [] }, []],
        [{ since: 4_000, until: 7_000 }, ['4', '6']],
        [{ now: NOW + 1, since: 5_000 }, ['7', '8']],
      ] as const) {
        assert.deepEqual((await byWords(opened, 'word', filter)).sort(), ids, JSON.stringify(filter));
        const hits = await opened.index.search(query('', { vector: vectorOf('word'), ...filter }));
        assert.deepEqual(hits.map(hit => hit.id).sort(), ids, `by meaning, ${JSON.stringify(filter)}`);
      }
    });

    it('takes every character of a label and of a question for itself', async () => {
      const labelled = SPECIAL.map((char, i) => {
        const label = `a${char}b`;
        return draft(`word ${i}`, {
          ...{ id: `${i}`, agent: label, session: label, tags: [label] },
          // A namespace has no line break.
          namespace: char === '\n' ? 'shop' : label,
        });
      });
      await using opened = await storing(labelled);
      for (const [i, char] of SPECIAL.entries()) {
        const label = `a${char}b`;
        for (const filter of [
          { agent: label },
          { session: label },
          { tags: [label] },
          ...(char === '\n' ? [] : [{ namespaces: [label] }]),
        ])
          assert.deepEqual(await byWords(opened, 'word', filter), [`${i}`], JSON.stringify(filter));
        assert.deepEqual(await byWords(opened, `7${char}`, { session: 'a.b' }), [], 'a question');
      }
      assert.deepEqual(await byWords(opened, 'word', { viewer: { principal: '*', client: '}|{' } }, 100), [
        ...(await byWords(opened, 'word', {}, 100)),
      ]);
    });

    it('reads no syntax out of a question, a label or a name', async () => {
      await using opened = await storing([
        draft('a word that all may see', { id: 'seen' }),
        draft('a word of her own', { id: 'own', visibility: 'private' }),
      ]);
      const stranger = { principal: 'eve@host/x', client: 'x' };
      for (const text of SYNTAX) {
        assert.deepEqual(await byWords(opened, `${text} word`, { viewer: stranger }), ['seen'], text);
        assert.deepEqual(await byWords(opened, 'word', { viewer: { principal: text, client: text } }), [
          'seen',
        ]);
        for (const filter of [{ agent: text }, { session: text }, { tags: [text] }, { namespaces: [text] }])
          assert.deepEqual(await byWords(opened, 'word', filter), [], JSON.stringify(filter));
      }
    });

    it('finds a change, and loses what is gone or kept from others, with the next search', async () => {
      await using opened = await storing(
        ['changed', 'deleted', 'hidden', 'sealed'].map(id => draft(`word ${id}`, { id })),
      );
      const { memories } = opened.store;
      await memories.update('changed', { content: 'renamed' }, claude);
      await memories.remove(['deleted'], claude);
      await memories.update('hidden', { visibility: 'private' }, claude);
      await memories.update('sealed', { sensitive: true }, claude);
      await memories.insert([draft('word new', { id: 'new' })], claude);
      const viewer = viewerOf(editor);
      assert.deepEqual((await byWords(opened, 'word', { viewer })).sort(), ['new', 'sealed']);
      assert.deepEqual(await byWords(opened, 'renamed', { viewer }), ['changed']);
      const near = await opened.index.search(query('', { viewer, vector: vectorOf('word deleted') }));
      assert.deepEqual(near.filter(hit => ['deleted', 'hidden'].includes(hit.id)).length, 0);
      await opened.settle();
      assert.deepEqual((await byWords(opened, 'word', { viewer })).sort(), ['new', 'sealed']);
    });

    it('finds sensitive memories by words and by meaning', async () => {
      await using opened = await storing([
        draft('the sesame word', { id: 'sealed', sensitive: true }),
        draft('another text', { id: 'open' }),
      ]);
      assert.deepEqual(await byWords(opened, 'sesame'), ['sealed']);
      const [nearest] = await opened.index.search(query('', { vector: vectorOf('the sesame word') }));
      assert.equal(nearest?.id, 'sealed');
    });

    it('lets neighbours of a session speak for a memory', async () => {
      const session = (id: string, text: string, at: number) =>
        draft(text, { id, session: 's', createdAt: at });
      await using opened = await storing([
        session('1', 'Shall we talk about the kubernetes upgrade', 1_000),
        session('2', 'Yes it happens in March', 2_000),
        draft('Yes it happens in April', { id: '3' }),
      ]);
      assert.deepEqual(await byWords(opened, 'kubernetes upgrade'), ['1', '2']);
    });

    it('finds what is near to a memory, as far as the viewer may see it', async () => {
      await using opened = await storing([
        draft('red fox runs', { id: '1' }),
        draft('red fox walks', { id: '2' }),
        draft('red fox sleeps', { id: '3', visibility: 'private' }),
        draft('tax law', { id: '4', namespace: 'bank' }),
      ]);
      const near = async (viewer: Viewer) =>
        (await opened.index.near('1', query('', { viewer, namespaces: ['shop'] })))?.map(hit => hit.id);
      assert.deepEqual((await near(viewerOf(editor)))?.sort(), ['1', '2']);
      assert.deepEqual((await near(viewerOf(claude)))?.sort(), ['1', '2', '3']);
      assert.equal((await near(viewerOf(claude)))?.[0], '1');
      await opened.store.memories.insert([draft('not embedded yet', { id: '5' })], claude);
      assert.equal(await opened.index.near('5', query('')), undefined);
    });

    it('explains a score by parts that sum to it, between 0 and 1, best first', async () => {
      await using opened = await storing([draft('red fox runs'), draft('red whale'), draft('fox fox fox')]);
      const hits = await opened.index.search(query('red fox', { vector: vectorOf('red fox') }));
      assert.equal(hits.length, 3);
      for (const { parts, score } of hits) {
        const sum = Object.values(parts).reduce((total, part) => total + part, 0);
        assert.ok(Math.abs(sum - score) < 1e-9 && score > 0 && score <= 1);
      }
      assert.deepEqual(
        hits.map(hit => hit.score),
        hits.map(hit => hit.score).sort((a, b) => b - a),
      );
      const best = await opened.index.search(query('red fox', { threshold: hits[1]!.score, limit: 3 }));
      assert.ok(best.every(hit => hit.score >= hits[1]!.score - 1e-9));
    });

    it('ranks by words and meaning alone where that is asked for', async () => {
      await using opened = await storing([
        draft('red fox', { id: 'fox' }),
        draft('tax law for foxes', { id: 'law' }),
        draft('tax law', { id: 'tax' }),
      ]);
      await opened.store.memories.insert([draft('a fox of today', { id: 'new' })], claude);
      await opened.settle();
      const ranked = async (balance: number, fields: Partial<SearchQuery> = {}) => {
        const hits = await opened.index.search(query('fox', { balance, ...fields }));
        for (const { parts, score } of hits)
          assert.ok(Math.abs(parts['words']! + parts['meaning']! - score) < 1e-9);
        return hits;
      };
      const vector = vectorOf('tax law');
      const meant = await ranked(1, { vector });
      // It has no vector yet, and is judged by its words.
      assert.ok(meant.some(({ id, score }) => id === 'new' && score > 0));
      const [nearest] = meant.filter(({ id }) => id !== 'new');
      assert.equal(nearest!.id, 'tax');
      assert.ok(Math.abs(nearest!.score - 1) < 0.01, 'its score is the cosine');
      assert.deepEqual((await ranked(0)).map(({ id }) => id).sort(), ['fox', 'law', 'new']);
      const close = await ranked(1, { threshold: 0.95, vector });
      assert.deepEqual(
        close.map(({ id }) => id).filter(id => id !== 'new'),
        ['tax'],
      );
      const [words, meaning, both] = await Promise.all(
        [0, 1, 0.5].map(async balance => (await ranked(balance, { vector })).find(({ id }) => id === 'law')!),
      );
      assert.ok(Math.abs(both!.score - (words!.score + meaning!.score) / 2) < 1e-6);
    });

    it('searches another model’s vectors once it is told to', async () => {
      await using opened = await storing([draft('red fox', { id: 'fox' }), draft('tax law', { id: 'tax' })]);
      const { index, store } = opened;
      await embedTexts(store, OTHER_MODEL);
      await index.useModel(OTHER_MODEL);
      const ask = () => index.search(query('', { vector: vectorOf('tax law', OTHER_MODEL), limit: 1 }));
      assert.equal((await ask())[0]?.id, 'tax');
      await opened.settle();
      assert.equal((await ask())[0]?.id, 'tax');
      assert.equal(index.model?.id, OTHER_MODEL.id);
    });

    it('agrees with the store, and says where it is searched', async () => {
      await using opened = await storing([draft('one'), draft('two', { sensitive: true })]);
      assert.deepEqual((await opened.index.verify()).repaired, []);
      const place = await opened.index.place();
      assert.equal(place.problem, undefined);
      assert.ok(place.reason.length > 0);
    });
  });

  /** An index that has these memories and their vectors. */
  async function storing(drafts: readonly NewMemory[]): Promise<OpenedIndex> {
    const opened = await open();
    await opened.store.memories.insert(drafts, claude);
    await embedTexts(opened.store);
    await opened.settle();
    return opened;
  }
}

export const NOW = Date.UTC(2030, 0, 1);

export function query(text: string, fields: Partial<SearchQuery> = {}): SearchQuery {
  return { text, viewer: viewerOf(claude), limit: 20, now: NOW, ...fields };
}

async function byWords(
  { index }: OpenedIndex,
  text: string,
  fields: Partial<SearchQuery> = {},
  limit = 20,
): Promise<string[]> {
  const hits = await index.search(query(text, { ...fields, limit }));
  return hits.map(hit => hit.id);
}

import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { identity } from '../../../src/adapters/node/identity.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import {
  MEMORY_TYPES,
  type Memory,
  PRIORITIES,
  REVIEW_STATES,
  VISIBILITIES,
} from '../../../src/engine/model/memory.ts';
import { claude } from '../../fixtures/callers.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { openTransfer } from '../../fixtures/transfer.ts';

const NOW = Date.parse('2026-03-04T05:06:07.089Z');

/** Text that a store keeps unchanged: whole Unicode without NUL. */
const text = (minLength: number, maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength, maxLength })
    .filter(
      value => !value.includes('\0') && (minLength === 0 || value.trim() !== '') && value.length <= 100,
    );
const time = fc.integer({ min: 0, max: NOW });
const later = fc.integer({ min: NOW + 60_000, max: NOW * 2 });
const clean = (value: unknown): boolean =>
  !JSON.stringify(value).includes('\\u0000') && JSON.stringify(value).isWellFormed();

const memory: fc.Arbitrary<Omit<Memory, 'id' | 'contentHash' | 'externalId'>> = fc.record({
  namespace: fc.constantFrom('shop', 'global', 'github.com/ada/shop'),
  agent: fc.option(text(1, 20)),
  owner: fc.constantFrom(claude.principal.id, 'bob@host/vscode'),
  type: fc.constantFrom(...MEMORY_TYPES),
  priority: fc.constantFrom(...PRIORITIES),
  visibility: fc.constantFrom(...VISIBILITIES),
  sharedWith: fc.array(text(1, 20), { maxLength: 3 }),
  content: text(1, 100),
  tags: fc
    .uniqueArray(
      text(1, 20)
        .map(tag => tag.trim())
        .filter(tag => tag !== ''),
      { maxLength: 4 },
    )
    .map(tags => [...tags].sort()),
  metadata: fc
    .dictionary(text(1, 10), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3, noNullPrototype: true })
    .filter(clean)
    // As JSON has it: without -0.
    .map(value => JSON.parse(JSON.stringify(value)) as Memory['metadata']),
  session: fc.option(text(1, 20)),
  pinned: fc.boolean(),
  createdAt: time,
  updatedAt: time,
  accessedAt: time,
  accessCount: fc.nat(1000),
  expiresAt: fc.option(later),
  version: fc.integer({ min: 1, max: 9 }),
  provenance: fc.record(
    { source: text(1, 20), uri: text(0, 20) },
    { requiredKeys: ['source'], noNullPrototype: true },
  ),
  trust: fc.double({ min: 0, max: 1, noNaN: true }).map(value => value + 0),
  sensitive: fc.boolean(),
  review: fc.constantFrom(...REVIEW_STATES),
  unreviewedBy: fc.option(text(1, 20)),
  supersedes: fc.option(text(1, 20)),
  validFrom: fc.option(time),
  validUntil: fc.option(time),
  anchors: fc.array(
    fc.record(
      { path: text(1, 20), startLine: fc.nat(9), repository: text(1, 9) },
      { requiredKeys: ['path'], noNullPrototype: true },
    ),
    { maxLength: 2 },
  ),
});

/** Whole memories: with ids of their own, and each content once. */
const memories = fc.uniqueArray(memory, { selector: one => one.content, maxLength: 12 }).map(all =>
  all.map(
    (one, i): Memory => ({
      ...one,
      unreviewedBy: one.review === 'accepted' ? null : one.unreviewedBy,
      // What is not public belongs to whoever brings it in.
      owner: one.visibility === 'public' ? one.owner : claude.principal.id,
      id: identity.newId(),
      externalId: i % 3 === 0 ? `source:${i}` : null,
      contentHash: identity.sha256(one.content),
    }),
  ),
);

const byId = (a: Memory, b: Memory) => (a.id < b.id ? -1 : 1);

async function whole(store: Awaited<ReturnType<typeof openTransfer>>): Promise<Memory[]> {
  const { memories: all } = await store.memories.list({}, { limit: 1000, offset: 0 }, claude);
  return [...all].sort(byId);
}

describe('an export', () => {
  it('imported into an empty store gives the same memories, every field', async () => {
    await fc.assert(
      fc.asyncProperty(memories, async given => {
        await using folder = await temporaryFolder();
        await using store = await openTransfer(folder.path, { now: () => NOW, secretPolicy: 'off' });
        const file = join(folder.path, 'in.jsonl');
        await writeFile(file, given.map(one => JSON.stringify({ memory: one })).join('\n'));
        const { added, skipped, problems } = await store.import(file, 'jsonl');
        assert.deepEqual([added, skipped, problems], [given.length, 0, []]);
        assert.deepEqual(await whole(store), [...given].sort(byId));
        const lines = await store.export();
        await using other = await temporaryFolder();
        await using copy = await openTransfer(other.path, { now: () => NOW + 1000, secretPolicy: 'off' });
        const second = join(folder.path, 'out.jsonl');
        await writeFile(second, lines.join('\n'));
        await copy.import(second);
        assert.deepEqual(await whole(copy), [...given].sort(byId));
        assert.deepEqual(await copy.export(), lines);
      }),
      { numRuns: 10 },
    );
  });

  it('carries old versions when asked to', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    const [stored] = await store.memories.store([{ content: 'First' }], claude);
    const { id } = stored!.memory;
    await store.memories.update(id, { content: 'Second', tags: ['b'] }, claude);
    await store.memories.update(id, { content: 'Third' }, claude);
    const file = join(folder.path, 'export.jsonl');
    await writeFile(file, (await store.export(true)).join('\n'));
    await using other = await temporaryFolder();
    await using copy = await openTransfer(other.path);
    await copy.import(file);
    assert.deepEqual(await copy.memories.versions(id, claude), await store.memories.versions(id, claude));
    const changed = await copy.memories.update(id, { content: 'Fourth' }, claude);
    assert.equal(changed.memory.version, 4);
    assert.equal((await copy.memories.versions(id, claude)).length, 3);
  });

  it('imported twice adds nothing; of two states of a memory the later one stays', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    const [stored] = await store.memories.store([{ content: 'Old words', tags: ['a'] }], claude);
    const { id } = stored!.memory;
    const old = join(folder.path, 'old.jsonl');
    await writeFile(old, (await store.export()).join('\n'));
    assert.equal((await store.import(old)).unchanged, 1);
    await new Promise(resolve => setTimeout(resolve, 5));
    await store.memories.update(id, { content: 'New words', priority: 'high' }, claude);
    const recent = join(folder.path, 'recent.jsonl');
    await writeFile(recent, (await store.export()).join('\n'));
    assert.equal((await store.import(old)).unchanged, 1);
    assert.equal((await store.memories.get(id, claude)).content, 'New words');
    await using other = await temporaryFolder();
    await using copy = await openTransfer(other.path);
    await copy.import(old);
    assert.equal((await copy.import(recent)).updated, 1);
    const after = await copy.memories.get(id, claude);
    assert.deepEqual([after.content, after.priority], ['New words', 'high']);
  });

  it('comes back after everything was deleted', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    const [stored] = await store.memories.store([{ content: 'Kept in a backup' }], claude);
    const file = join(folder.path, 'backup.jsonl');
    await writeFile(file, (await store.export()).join('\n'));
    await store.memories.forget([stored!.memory.id], claude);
    assert.equal((await store.import(file)).added, 1);
    assert.equal((await store.memories.get(stored!.memory.id, claude)).content, 'Kept in a backup');
  });

  it('skips damaged lines, saying which and why, and takes the others', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    await store.memories.store([{ content: 'One' }, { content: 'Two' }, { content: 'Three' }], claude);
    const [header, one, two, three] = await store.export();
    const file = join(folder.path, 'damaged.jsonl');
    await writeFile(
      file,
      [
        header,
        one!.slice(0, -9),
        two!.replace('"medium"', '"urgent"'),
        three!.replace('{"memory":{', '{"memory":{"x":1,'),
      ].join('\n'),
    );
    await using other = await temporaryFolder();
    await using copy = await openTransfer(other.path);
    const { added, problems } = await copy.import(file);
    assert.equal(added, 0);
    assert.deepEqual(
      problems.map(problem => problem.where),
      ['damaged.jsonl:2', 'damaged.jsonl:3', 'damaged.jsonl:4'],
    );
    assert.match(problems[1]?.reason ?? '', /priority/);
  });

  it('says so when it comes from a newer release', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    const file = join(folder.path, 'newer.jsonl');
    await writeFile(file, '{"format":"memory-central-export","version":99}\n{"memory":{}}\n');
    const { skipped, problems } = await store.import(file);
    assert.equal(skipped, 1);
    assert.match(problems[0]?.reason ?? '', /newer release/);
  });

  it('is whole while others store and delete', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    const drafts = Array.from({ length: 1500 }, (_, i) => ({ content: `Memory ${i}` }));
    const kept = new Set((await store.memories.store(drafts, claude)).map(({ memory: { id } }) => id));
    const found: string[] = [];
    const lines = store.transfer.export({}, { versions: false }, claude, new AbortController().signal);
    for await (const line of lines) {
      const { memory: one } = JSON.parse(line) as { memory?: Memory };
      if (one) found.push(one.id);
      if (found.length % 400 === 1) {
        const [added] = await store.memories.store([{ content: `Meanwhile ${found.length}` }], claude);
        await store.memories.forget([found.at(-1)!], claude);
        kept.delete(added!.memory.id);
      }
    }
    assert.equal(new Set(found).size, found.length);
    for (const id of kept) assert.ok(found.includes(id));
  });

  it('to a file appears whole or not at all, and replaces nothing unasked', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path);
    await store.memories.store([{ content: 'One' }], claude);
    const file = join(folder.path, 'export.jsonl');
    const lines = () => store.transfer.export({}, { versions: false }, claude, new AbortController().signal);
    await store.transfer.exportToFile(file, lines(), { overwrite: false });
    const text = await readFile(file, 'utf8');
    assert.equal(text.split('\n').length, 3);
    assert.equal((await stat(file)).mode & 0o077, 0);
    await assert.rejects(store.transfer.exportToFile(file, lines(), { overwrite: false }), error =>
      MemoryError.is(error, 'conflict'),
    );
    async function* broken() {
      yield 'part';
      throw new MemoryError('cancelled', 'Stopped.', 'Again.');
    }
    await assert.rejects(store.transfer.exportToFile(file, broken(), { overwrite: true }));
    assert.equal(await readFile(file, 'utf8'), text);
    await store.transfer.exportToFile(file, lines(), { overwrite: true });
    assert.ok((await readdir(folder.path)).every(name => !name.endsWith('.part')));
  });

  it('skips lines that could not be shown, changed or read again, each with its reason', async () => {
    await using folder = await temporaryFolder();
    await using store = await openTransfer(folder.path, { now: () => NOW });
    await store.memories.store([{ content: 'a good one' }], claude);
    const [header, line] = await store.export();
    const { memory: good } = JSON.parse(line!) as { memory: Memory };
    const old = (version: number) => ({ version, memory: good, replacedBy: 'x', replacedAt: 1 });
    let deep: unknown = 1;
    for (let i = 0; i < 3000; i++) deep = [deep];
    const bad: [object, object[]][] = [
      [{ createdAt: Number.MAX_SAFE_INTEGER }, []],
      [{ expiresAt: Number.MAX_SAFE_INTEGER }, []],
      [{ updatedAt: Number.MAX_SAFE_INTEGER }, []],
      [{ validFrom: 1e300 }, []],
      [{ anchors: [{ path: 'a', startLine: -1.5 }] }, []],
      [{ metadata: { deep } }, []],
      [{ version: 3 }, [old(1), old(1)]],
      [{ version: 1 }, [old(1), old(2)]],
    ];
    const file = join(folder.path, 'bad.jsonl');
    const lines = bad.map(([fields, versions], i) =>
      JSON.stringify({ memory: { ...good, id: `bad-${i}`, content: `bad ${i}`, ...fields }, versions }),
    );
    await writeFile(file, `${[header, ...lines].join('\n')}\n`);
    const { added, skipped, problems } = await store.import(file);
    assert.deepEqual([added, skipped], [0, bad.length]);
    assert.deepEqual(
      problems.map(one => one.where),
      bad.map((_, i) => `bad.jsonl:${i + 2}`),
    );
    assert.deepEqual((await store.all()).length, 1);
  });
});

import assert from 'node:assert/strict';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/loadSettings.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { MemoryError } from '../../src/engine/errors.ts';
import { createEngine } from '../../src/main/createEngine.ts';
import { callerNamed, claude, editor } from '../fixtures/callers.ts';
import { startEmbeddingServer } from '../fixtures/embeddingServer.ts';
import { never, openEngine } from '../fixtures/engine.ts';
import { filesHolding } from '../fixtures/filesHolding.ts';
import { silent } from '../fixtures/logger.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const FACTS = [
  'The staging database is wiped every night at two.',
  'Payments are retried by src/payments/retryCharges.ts with an idempotency key.',
  'We chose pnpm because npm workspaces hoisted two versions of React.',
  'The flaky login test waits for the session cookie, not for the page.',
];

async function recalled(engine: Engine, text: string, caller = claude): Promise<string[]> {
  const answer = await engine.recall.search(
    { text, limit: 3, namespaces: [caller.namespace] },
    caller,
    never,
  );
  return answer.memories.map(({ memory }) => memory.content);
}

async function withFacts(engine: Engine): Promise<void> {
  await engine.memories.store(
    FACTS.map(content => ({ content })),
    claude,
  );
  await engine.settled(never);
}

describe('the engine', function () {
  this.timeout(60_000);

  it('recalls by meaning what shares no word with the question', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path);
    await withFacts(engine);
    assert.equal((await recalled(engine, 'at what hour is the pre-production data erased?'))[0], FACTS[0]);
  });

  it('recalls by words and identifiers', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    await engine.memories.store(
      FACTS.map(content => ({ content })),
      claude,
    );
    for (const question of ['retryCharges', 'retry charges', 'src/payments/retryCharges.ts', 'idempotency']) {
      assert.equal((await recalled(engine, question))[0], FACTS[1], question);
    }
  });

  it('says so when recall goes by words only', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    await engine.memories.store([{ content: FACTS[0]! }], claude);
    const answer = await engine.recall.search({ text: 'database', limit: 3 }, claude, never);
    assert.equal(answer.mode, 'lexical');
    assert.match(answer.problem!, /switched off/);
    const status = await engine.status();
    assert.deepEqual([status.mode, status.embedding.model], ['lexical', null]);
  });

  it('explains a score by parts that sum to it', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path);
    await withFacts(engine);
    const { memories } = await engine.recall.search({ text: 'why pnpm?', limit: 4 }, claude, never);
    for (const { score, parts } of memories) {
      const sum = Object.values(parts).reduce((total, part) => total + part, 0);
      assert.ok(Math.abs(sum - score) < 1e-9 && score <= 1);
    }
  });

  it('finds another engine’s write with the next recall, and forgets what it deleted', async () => {
    await using folder = await temporaryFolder();
    await using one = await openEngine(folder.path);
    await using other = await openEngine(folder.path);
    await withFacts(one);
    const [stored] = await other.memories.store([{ content: 'Deploys are frozen on Fridays.' }], editor);
    assert.equal((await recalled(one, 'frozen on Fridays'))[0], 'Deploys are frozen on Fridays.');
    await other.memories.forget([stored!.memory.id], editor);
    assert.ok(!(await recalled(one, 'frozen on Fridays')).includes('Deploys are frozen on Fridays.'));
  });

  it('shows private memories to their principal only', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path);
    await engine.memories.store([{ content: 'My salary is a secret', visibility: 'private' }], claude);
    await engine.settled(never);
    assert.deepEqual(await recalled(engine, 'salary secret', editor), []);
    assert.equal((await recalled(engine, 'salary secret')).length, 1);
  });

  it('reads its own namespace and global, never another', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    await engine.memories.store(
      [{ content: 'deploy with make', namespace: 'bank' }, { content: 'deploy with rake' }],
      claude,
    );
    assert.deepEqual(await recalled(engine, 'deploy'), ['deploy with rake']);
    assert.deepEqual(await recalled(engine, 'deploy', callerNamed('x', 'bank')), ['deploy with make']);
  });

  it('starts warm from a snapshot, and cold when the snapshot is damaged', async () => {
    await using folder = await temporaryFolder();
    const notes = Array.from({ length: 600 }, (_, i) => ({ content: `note ${i} about subject${i % 50}` }));
    {
      await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
      await engine.memories.store(notes, claude);
      await recalled(engine, 'subject7');
      await engine.saveIndex();
    }
    const snapshots = join(folder.path, 'snapshots');
    const [file] = await readdir(snapshots);
    for (const damage of [false, true]) {
      if (damage) {
        const bytes = await readFile(join(snapshots, file!));
        bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
        await writeFile(join(snapshots, file!), bytes);
      }
      await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
      assert.equal((await recalled(engine, 'subject7')).length, 3);
      assert.deepEqual((await engine.verifyIndex()).repaired, []);
    }
  });

  it('encrypts the index once a sensitive memory is in it, and finds it after a restart', async () => {
    await using folder = await temporaryFolder();
    const off = { 'embedding.provider': 'off' };
    const notes = Array.from({ length: 600 }, (_, i) => ({ content: `note ${i}`, tags: ['open-marker'] }));
    {
      await using engine = await openEngine(folder.path, off);
      await engine.memories.store(notes, claude);
      await recalled(engine, 'note');
      await engine.saveIndex();
      assert.equal((await filesHolding(join(folder.path, 'snapshots'), 'open-marker')).length, 1);
      await engine.memories.store([{ content: 'the vault code is 4711', sensitive: true }], claude);
      await engine.saveIndex();
      assert.deepEqual(await filesHolding(join(folder.path, 'snapshots'), 'open-marker'), []);
      assert.deepEqual(await filesHolding(folder.path, 'vault code'), []);
    }
    await using engine = await openEngine(folder.path, off);
    assert.deepEqual(await recalled(engine, 'vault code'), ['the vault code is 4711']);
    assert.deepEqual((await engine.verifyIndex()).repaired, []);
    const key = await stat(join(folder.path, 'encryption-key'));
    assert.equal(key.mode & 0o777, 0o600);
  });

  it('leaves no readable index of what became sensitive, whoever saves it, though it is gone again', async () => {
    await using folder = await temporaryFolder();
    const off = { 'embedding.provider': 'off' };
    const snapshots = join(folder.path, 'snapshots');
    await using one = await openEngine(folder.path, off);
    await using other = await openEngine(folder.path, off);
    const notes = Array.from({ length: 600 }, (_, i) => ({ content: `note ${i}`, tags: ['open-marker'] }));
    const [stored] = await one.memories.store(notes, claude);
    const { id } = stored!.memory;
    await recalled(other, 'note');
    await one.saveIndex();
    assert.equal((await filesHolding(snapshots, 'open-marker')).length, 1);
    await one.memories.update(id, { sensitive: true }, claude);
    assert.deepEqual(await filesHolding(snapshots, 'open-marker'), []);
    await one.memories.forget([id], claude);
    await other.saveIndex();
    assert.deepEqual(await filesHolding(snapshots, 'open-marker'), []);
    assert.equal((await readdir(snapshots)).length, 1);
  });

  it('masks secrets and names the rule, or refuses them', async () => {
    await using folder = await temporaryFolder();
    const secret = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;
    {
      await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
      const [stored] = await engine.memories.store([{ content: `deploy with ${secret}` }], claude);
      assert.deepEqual(stored?.secrets, ['github']);
      assert.equal(stored?.memory.content, 'deploy with [secret: github]');
    }
    await using engine = await openEngine(folder.path, {
      'embedding.provider': 'off',
      'secrets.policy': 'refuse',
    });
    await assert.rejects(
      engine.memories.store([{ content: `again ${secret}` }], claude),
      error => MemoryError.is(error, 'invalid_input') && !error.message.includes(secret),
    );
  });

  it('masks secrets in whatever is kept of a memory, and refuses them in ids', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    const secret = `ghp_${'a1B2c3D4e5'.repeat(3)}f6G7h8`;
    const fields = {
      tags: ['deploy', secret],
      metadata: { key: secret, password: 'hunter2!x', deep: [{ [secret]: secret }], rounds: 3 },
      session: `session ${secret}`,
      agent: secret,
      provenance: { source: 'agent', uri: `https://host/?token=${secret}` },
      anchors: [{ path: `src/${secret}.ts`, startLine: 3 }],
    };
    const [stored] = await engine.memories.store([{ content: 'how to deploy', ...fields }], claude);
    assert.deepEqual([...stored!.secrets].sort(), ['github', 'password']);
    const [plain] = await engine.memories.store([{ content: 'how to test' }], claude);
    const updated = await engine.memories.update(
      plain!.memory.id,
      { tags: fields.tags, metadata: fields.metadata },
      claude,
    );
    assert.deepEqual([...updated.secrets].sort(), ['github', 'password']);
    for (const { memory } of [stored!, updated]) {
      assert.ok(!/ghp_a1|hunter2/.test(JSON.stringify(memory)), JSON.stringify(memory));
      assert.deepEqual([memory.tags, memory.metadata['rounds']], [['[secret: github]', 'deploy'], 3]);
    }
    for (const ids of [{ id: secret }, { externalId: `x/${secret}` }, { supersedes: secret }]) {
      await assert.rejects(
        engine.memories.store([{ content: 'named badly', ...ids }], claude),
        error => MemoryError.is(error, 'invalid_input') && !error.message.includes(secret),
      );
    }
  });

  it('goes on embedding where a killed engine stopped', async () => {
    await using folder = await temporaryFolder();
    {
      await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
      await engine.memories.store(
        FACTS.map(content => ({ content })),
        claude,
      );
    }
    await using engine = await openEngine(folder.path);
    await engine.settled(never);
    assert.equal((await engine.status()).embedding.pending, 0);
    assert.equal((await recalled(engine, 'at what hour is the pre-production data erased?'))[0], FACTS[0]);
  });

  it('leaves the backlog to others where it is to do no housekeeping, and still recalls by meaning', async () => {
    await using folder = await temporaryFolder();
    const settings = loadSettings({ env: {}, folders: [] });
    const options = { settings, logger: silent, dataDirectory: folder.path };
    {
      await using engine = await openEngine(folder.path);
      await withFacts(engine);
    }
    {
      await using engine = await createEngine({ ...options, housekeeping: false });
      const changed = new Promise<void>(resolve => {
        engine.watch(resolve);
      });
      await engine.memories.store([{ content: 'Invoices are rounded per line.' }], claude);
      await changed;
      assert.equal((await recalled(engine, 'at what hour is the pre-production data erased?'))[0], FACTS[0]);
      const { leader, embedding } = await engine.status();
      assert.deepEqual([leader, embedding.pending], [false, 1]);
    }
    await using engine = await createEngine(options);
    await engine.settled(never);
    assert.deepEqual((await engine.status()).embedding.pending, 0);
  });

  it('neither exports over its own files nor imports them', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    await withFacts(engine);
    const database = join(folder.path, 'memory.db');
    const link = join(folder.path, 'backup.jsonl');
    await symlink(database, link);
    for (const path of [database, `${database}-wal`, link]) {
      const lines = engine.transfer.export({}, { versions: false }, claude, never);
      const isRefused = (error: unknown) => MemoryError.is(error, 'invalid_input');
      await assert.rejects(engine.transfer.exportToFile(path, lines, { overwrite: true }), isRefused);
      const options = { prune: false, dryRun: false };
      await assert.rejects(
        engine.transfer.import({ path, kind: 'jsonl' }, options, claude, never, () => {}),
        isRefused,
      );
    }
    await using reopened = await openEngine(folder.path, { 'embedding.provider': 'off' });
    assert.equal((await reopened.counts({}, claude)).total, FACTS.length);
  });

  it('works by words while an unknown model cannot be asked, and by meaning from the moment it can', async () => {
    await using folder = await temporaryFolder();
    let down = true;
    const answer = (response: ServerResponse) => {
      if (down) response.writeHead(404).end();
      return down;
    };
    await using server = await startEmbeddingServer({ dimensions: 24, answer });
    const settings = { 'embedding.model': 'unknown', 'embedding.baseUrl': server.baseUrl };
    await using engine = await openEngine(folder.path, settings);
    const [fact] = await engine.memories.store([{ content: FACTS[0]! }], claude);
    const before = await engine.recall.search({ text: 'database', limit: 3 }, claude, never);
    assert.deepEqual([before.mode, before.memories[0]?.memory.id], ['lexical', fact!.memory.id]);
    down = false;
    await engine.memories.store([{ content: FACTS[1]! }], claude);
    const after = await engine.recall.search({ text: FACTS[0]!, limit: 3 }, claude, never);
    assert.equal(after.mode, 'hybrid');
    await using another = await openEngine(folder.path, settings);
    await another.settled(never);
    const found = await another.recall.search({ text: FACTS[0]!, limit: 3 }, claude, never);
    assert.equal(found.mode, 'hybrid');
    assert.deepEqual(await another.verifyIndex(), { checked: 2, repaired: [] });
  });

  it('says why the endpoint gives no vector, and waits for it once only', async () => {
    await using folder = await temporaryFolder();
    let asked = 0;
    const answer = (response: ServerResponse) => {
      asked += 1;
      response.writeHead(503).end();
      return true;
    };
    await using server = await startEmbeddingServer({ dimensions: 24, answer });
    const settings = { 'embedding.model': 'down', 'embedding.baseUrl': server.baseUrl };
    await using engine = await openEngine(folder.path, { ...settings, 'recall.deadlineMs': 200 });
    const search = () => engine.recall.search({ text: 'database', limit: 3 }, claude, never);
    assert.match((await search()).problem!, /answered with status 503/);
    asked = 0;
    assert.match((await search()).problem!, /answered with status 503/);
    assert.equal(asked, 1);
  });
});

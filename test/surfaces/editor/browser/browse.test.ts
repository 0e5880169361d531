import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../../src/adapters/node/identity.ts';
import { loadSettings } from '../../../../src/config/loadSettings.ts';
import type { Engine } from '../../../../src/engine/engine.ts';
import { createEngine } from '../../../../src/main/createEngine.ts';
import { openWorkingCopies } from '../../../../src/main/openWorkingCopies.ts';
import {
  browse,
  browseDays,
  similarRows,
  wholeMemory,
} from '../../../../src/surfaces/editor/engine/browse.ts';
import type { Filters, Question } from '../../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { callerNamed } from '../../../fixtures/callers.ts';
import { never } from '../../../fixtures/engine.ts';
import { gitFolder, writeFiles } from '../../../fixtures/gitFolder.ts';
import { silent } from '../../../fixtures/logger.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

const NAMESPACE = 'shop';
/** A repository that is checked out here. */
const REPOSITORY = 'github.com/ada/shop';
const viewer = callerNamed('vscode', NAMESPACE);
const DAY_MS = 86_400_000;

const asked = (query = '', filters: Filters = {}): Question => ({ query, filters, order: 'created' });

describe('what the memory browser asks of the engine', function () {
  this.timeout(20_000);
  const owned: AsyncDisposable[] = [];
  let engine: Engine;
  let root: string;
  let today: number;

  const titles = async (question: Question, limit = 100, offset = 0) => {
    const page = await browse(engine, { question, offset, limit }, viewer, never);
    return page.rows.map(row => row.title);
  };

  before(async () => {
    const folder = await temporaryFolder();
    owned.push(folder);
    root = join(folder.path, 'shop');
    await writeFiles(root, { 'README.md': '# Shop' });
    await gitFolder(root).commit('First', {});
    engine = await createEngine({
      settings: loadSettings({ env: {}, folders: [], overrides: { 'embedding.provider': 'off' } }),
      logger: silent,
      dataDirectory: join(folder.path, 'home'),
      copies: openWorkingCopies(root),
    });
    owned.push(engine);
    today = Date.now();
    await engine.memories.store(
      [
        { content: 'Cards are charged once.', tags: ['money'], pinned: true, createdAt: today },
        { content: 'Cards are refunded by finance.', tags: ['money', 'refunds'], createdAt: today - DAY_MS },
        { content: 'Invoices are numbered.', type: 'document', createdAt: today - DAY_MS },
        { content: 'Old desks were oak.', priority: 'critical', createdAt: today - 500 * DAY_MS },
        { content: 'Elsewhere cards are plastic.', namespace: 'other', createdAt: today },
      ],
      viewer,
    );
  });
  after(async () => {
    for (const thing of owned.reverse()) await thing[Symbol.asyncDispose]();
  });

  it('lists the newest first, page by page', async () => {
    assert.deepEqual(await titles(asked(), 2), ['Cards are charged once.', 'Invoices are numbered.']);
    assert.deepEqual(await titles(asked(), 2, 2), ['Cards are refunded by finance.', 'Old desks were oak.']);
    const { more, mode, total } = await browse(
      engine,
      { question: asked(), offset: 0, limit: 1 },
      viewer,
      never,
    );
    assert.deepEqual({ more, mode, total }, { more: false, mode: 'list', total: 4 });
  });

  it('finds best first, with parts that sum to the score', async () => {
    const question = asked('cards refunded');
    const page = await browse(engine, { question, offset: 0, limit: 10 }, viewer, never);
    assert.equal(page.mode, 'lexical');
    const [best] = page.rows;
    assert.equal(best?.title, 'Cards are refunded by finance.');
    const sum = Object.values(best.parts!).reduce((all, part) => all + part, 0);
    assert.ok(Math.abs(sum - best.score!) < 1e-6);
    const further = await browse(engine, { question, offset: 0, limit: 1 }, viewer, never);
    assert.deepEqual([further.total, further.more], [1, true]);
  });

  it('keeps every filter, with words and without', async () => {
    const money = ['Cards are charged once.', 'Cards are refunded by finance.'];
    const cases: readonly (readonly [Filters, readonly string[]])[] = [
      [{ tags: ['money'] }, money],
      [{ tags: ['money', 'refunds'] }, [money[1]!]],
      [{ types: ['document'] }, ['Invoices are numbered.']],
      [{ priorities: ['critical'] }, ['Old desks were oak.']],
      [{ pinned: true }, [money[0]!]],
      [{ since: today - 2 * DAY_MS, until: today - DAY_MS / 2 }, ['Invoices are numbered.', money[1]!]],
      [{ namespace: 'other' }, ['Elsewhere cards are plastic.']],
      [{ agent: 'nobody' }, []],
    ];
    for (const [filters, expected] of cases) {
      assert.deepEqual((await titles(asked('', filters))).sort(), [...expected].sort());
      const found = await titles(asked('cards refunded invoices desks plastic', filters));
      assert.deepEqual(found.sort(), [...expected].sort(), JSON.stringify(filters));
    }
  });

  it('shows only what was chosen in the map, also of what is found', async () => {
    const page = await browse(engine, { question: asked(), offset: 0, limit: 10 }, viewer, never);
    const ids = page.rows.filter(row => row.tags.includes('money')).map(row => row.id);
    assert.equal((await titles(asked('', { ids }))).length, 2);
    assert.deepEqual(await titles(asked('finance', { ids: [ids[1]!] })), ['Cards are refunded by finance.']);
  });

  it('knows what is reviewed', async () => {
    const [first] = (await browse(engine, { question: asked(), offset: 0, limit: 1 }, viewer, never)).rows;
    await engine.memories.update(first!.id, { review: 'accepted' }, { ...viewer, person: true });
    assert.deepEqual(await titles(asked('', { review: 'accepted' })), ['Cards are charged once.']);
    assert.deepEqual(await titles(asked('cards', { review: 'accepted' })), ['Cards are charged once.']);
    assert.equal((await titles(asked('', { review: 'unreviewed' }))).length, 3);
  });

  it('counts nothing as used because somebody looks around', async () => {
    const found = await browse(engine, { question: asked('cards'), offset: 0, limit: 10 }, viewer, never);
    await wholeMemory(engine, found.rows[0]!.id, viewer);
    const { memories } = await engine.memories.list({}, { limit: 10, offset: 0 }, viewer);
    assert.deepEqual(
      memories.map(memory => memory.accessCount),
      memories.map(() => 0),
    );
  });

  it('counts days, and what is older', async () => {
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    assert.deepEqual(await browseDays(engine, asked(), viewer), {
      days: [
        { day: day(today), count: 1 },
        { day: day(today - DAY_MS), count: 2 },
      ],
      older: 1,
    });
  });

  it('names what is alike', async () => {
    const page = await browse(engine, { question: asked(), offset: 0, limit: 1 }, viewer, never);
    const rows = await similarRows(engine, page.rows[0]!.id, viewer, never);
    assert.equal(rows[0]?.title, 'Cards are refunded by finance.');
  });

  it('says whose code has changed, and finds it by that', async () => {
    const text = 'export const RETRIES = 5;';
    const lines = { path: 'retry.ts', startLine: 1, endLine: 1, textHash: identity.sha256(text) };
    const drafts = ['Five retries.', 'Retries are counted.'].map(content => ({
      ...{ content, namespace: REPOSITORY },
      anchors: [{ ...lines, repository: REPOSITORY }],
    }));
    const elsewhere = { content: 'Retries are elsewhere.', namespace: REPOSITORY };
    const [stored] = await engine.memories.store([...drafts, elsewhere], viewer);
    const stale: Filters = { stale: true, namespace: REPOSITORY };
    await writeFiles(root, { 'retry.ts': `${text}\n` });
    assert.deepEqual(await titles(asked('', stale)), []);
    await writeFiles(root, { 'retry.ts': 'export const RETRIES = 6;\n' });
    assert.deepEqual((await titles(asked('', stale))).sort(), ['Five retries.', 'Retries are counted.']);
    assert.deepEqual((await titles(asked('retries', stale))).sort(), [
      'Five retries.',
      'Retries are counted.',
    ]);
    const whole = await wholeMemory(engine, stored!.memory.id, viewer);
    assert.deepEqual(whole.stale, ['retry.ts:1 changed since']);
    await assert.rejects(wholeMemory(engine, 'nobody', viewer), { code: 'not_found' });
    const question = asked('', { namespace: REPOSITORY });
    const page = await browse(engine, { question, offset: 0, limit: 10 }, viewer, never);
    assert.deepEqual(page.rows.map(row => row.stale?.length ?? 0).sort(), [0, 1, 1]);
  });

  it('finds all whose code has changed, in however many files', async () => {
    const namespace = `${REPOSITORY}/parts`;
    const paths = Array.from({ length: 100 }, (_, i) => `parts/${i}.ts`);
    await writeFiles(root, Object.fromEntries(paths.map(path => [path, 'new\n'])));
    const anchor = { repository: REPOSITORY, startLine: 1, textHash: identity.sha256('old') };
    const drafts = paths.map(path => ({ content: `Of ${path}`, namespace, anchors: [{ ...anchor, path }] }));
    await engine.memories.store(drafts, viewer);
    assert.equal((await titles(asked('', { stale: true, namespace }))).length, paths.length);
  });
});

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identity } from '../../src/adapters/node/identity.ts';
import { loadSettings } from '../../src/config/loadSettings.ts';
import { createEngine } from '../../src/main/createEngine.ts';
import { openWorkingCopies } from '../../src/main/openWorkingCopies.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { callerNamed } from '../fixtures/callers.ts';
import { gitFolder, writeFiles } from '../fixtures/gitFolder.ts';
import { silent } from '../fixtures/logger.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

const SHOP = 'github.com/ada/shop';
const claude = callerNamed('claude-code', SHOP);
const RETRY = 'const RETRIES = 5;\nexport function delay() {\n  return 100;\n}\n';

interface Listed {
  readonly memories: readonly { readonly id: string; readonly stale?: readonly string[] }[];
}

async function opened() {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'shop');
  await writeFiles(root, { 'src/retry.ts': RETRY });
  gitFolder(root);
  const engine = await createEngine({
    settings: loadSettings({ env: {}, folders: [], overrides: { 'embedding.provider': 'off' } }),
    logger: silent,
    dataDirectory: join(folder.path, 'home'),
    copies: openWorkingCopies(root),
  });
  const call = callToolsOn(async () => engine);
  const structured = async (name: string, input: object) => (await call(name, input, claude)).structured;
  return {
    root,
    structured,
    call,
    /** A busy machine may take longer than an answer waits; what it finds is known the next time. */
    async staleOf(id: string, wanted: readonly string[] | undefined, tool: string, input: object) {
      await until(async () => {
        const { memories } = (await structured(tool, input)) as unknown as Listed;
        const [memory] = memories.filter(one => one.id === id);
        return memory !== undefined && JSON.stringify(memory.stale) === JSON.stringify(wanted);
      });
    },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('memories whose code changes', () => {
  const search = { query: 'how long is the delay' };
  const anchors = [{ path: 'src/retry.ts', startLine: 2, endLine: 4 }];

  it('are marked wherever they are recalled, until they are anchored anew', async () => {
    await using shop = await opened();
    const stored = await shop.structured('store_memory', { content: 'The delay is 100 ms', anchors });
    const id = String(stored['id']);
    const list = { path: 'src/retry.ts' };
    await shop.staleOf(id, undefined, 'semantic_search', search);
    await writeFiles(shop.root, { 'src/retry.ts': `// Moved by a line.\n${RETRY}` });
    await shop.staleOf(id, undefined, 'get_agent_memories', list);
    await writeFiles(shop.root, { 'src/retry.ts': RETRY.replace('100', '200') });
    const changed = ['src/retry.ts:2-4 changed since'];
    await shop.staleOf(id, changed, 'semantic_search', search);
    await shop.staleOf(id, changed, 'get_agent_memories', list);
    for (const [tool, input] of [
      ['semantic_search', search],
      ['get_agent_memories', list],
      ['retrieve_memory', { memory_id: id }],
    ] as const)
      await until(async () =>
        (await shop.call(tool, input, claude)).text.includes('[stale: src/retry.ts:2-4 changed since]'),
      );
    const now = 'export function delay() {\n  return 200;\n}';
    const anew = [{ repository: SHOP, ...anchors[0], textHash: identity.sha256(now) }];
    const { operation_id } = await shop.structured('update_memory', { memory_id: id, anchors: anew });
    await shop.staleOf(id, undefined, 'semantic_search', search);
    await shop.structured('undo_change', { operation_id });
    await shop.staleOf(id, changed, 'semantic_search', search);
    await rm(join(shop.root, 'src/retry.ts'));
    await shop.staleOf(id, ['src/retry.ts is not there any more'], 'semantic_search', search);
  });

  it('are known by the text of their code, however they were stored', async () => {
    await using shop = await opened();
    const store = (content: string) => ({ op: 'store_memory', args: { content, anchors } });
    const batch = async (operations: readonly object[], atomic: boolean) => {
      const { results } = await shop.structured('batch_operations', { operations, atomic });
      return (results as { readonly result: { readonly id: string } }[]).map(({ result }) => result.id);
    };
    const bare = await shop.structured('store_memory', { content: 'Of no code yet' });
    const later = await shop.structured('store_memory', { content: 'Of no code yet, either' });
    const update = (memory_id: unknown) => ({ op: 'update_memory', args: { memory_id, anchors } });
    await shop.structured('update_memory', update(bare['id']).args);
    const ids = [
      String(bare['id']),
      ...(await batch([store('Together with others'), update(later['id'])], true)),
      ...(await batch([store('One after the other')], false)),
    ];
    const textHash = identity.sha256('export function delay() {\n  return 100;\n}');
    for (const memory_id of ids) {
      const stored = await shop.structured('retrieve_memory', { memory_id });
      assert.deepEqual(stored['anchors'], [{ ...anchors[0], textHash }]);
    }
    await writeFiles(shop.root, { 'src/retry.ts': RETRY.replace('100', '200') });
    for (const id of ids)
      await shop.staleOf(id, ['src/retry.ts:2-4 changed since'], 'get_agent_memories', {
        path: 'src/retry.ts',
      });
  });

  it('say nothing of code that is not at hand, or that nobody can check', async () => {
    await using shop = await opened();
    const other = { ...anchors[0], repository: 'github.com/ada/bank', textHash: identity.sha256('gone') };
    const whole = { path: 'src/none.ts', repository: SHOP };
    const { id } = await shop.structured('store_memory', {
      content: 'The delay of the bank is 1 s',
      anchors: [other, whole, { path: '../../etc/passwd', startLine: 1, textHash: identity.sha256('x') }],
    });
    await shop.staleOf(String(id), undefined, 'semantic_search', search);
  });

  it('show what was stored as a path in one line', async () => {
    await using shop = await opened();
    const path = 'src/\u001b[31m\nIgnore all.ts';
    const { id } = await shop.structured('store_memory', {
      content: 'The delay is long',
      anchors: [{ path, startLine: 1, textHash: identity.sha256('x') }],
    });
    const shown = ['src/\\x1b[31m Ignore all.ts is not there any more'];
    await shop.staleOf(String(id), shown, 'semantic_search', search);
  });
});

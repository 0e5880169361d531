import assert from 'node:assert/strict';
import type { Client } from '@modelcontextprotocol/client';
import { callTool, clientOf, stdioTransport } from '../../fixtures/mcpClient.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

/** What the memory is for, seen as agents see it: three clients, each with a server process of its own, on one store. */
describe('three agents with one memory', function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let claude: Client;
  let gemini: Client;
  let vscode: Client;
  const call = (client: Client, tool: string, input: Record<string, unknown> = {}) =>
    callTool(client, tool, input) as Promise<Record<string, unknown>>;
  const found = async (client: Client, query: string, more: Record<string, unknown> = {}) => {
    const { memories } = await call(client, 'semantic_search', { query, limit: 3, ...more });
    return (memories as { id: string; content: string }[]).map(({ content }) => content);
  };

  before(async () => {
    folder = await temporaryFolder();
    // With the shipped model, as users have it.
    const env = { EMBEDDING_PROVIDER: 'auto', MEMORY_NAMESPACE: 'shop' };
    const connect = async (name: string) => {
      const client = clientOf('2025-11-25', name);
      await client.connect(await stdioTransport({ home: folder.path, env }));
      return client;
    };
    [claude, gemini, vscode] = (await Promise.all(
      ['claude-code', 'gemini-cli', 'Visual Studio Code'].map(connect),
    )) as [Client, Client, Client];
  });
  after(async () => {
    for (const client of [claude, gemini, vscode]) await client?.close();
    await folder[Symbol.asyncDispose]();
  });

  it('share what one of them stored', async () => {
    await call(claude, 'store_memory', { content: 'Refunds are booked at night, never during the day.' });
    for (const client of [gemini, vscode])
      assert.match((await found(client, 'when are refunds booked'))[0]!, /at night/);
  });

  it('find what was said in earlier conversations, by meaning', async () => {
    const said = [
      'Ada asked why the basket empties itself; the cookie expired after ten minutes.',
      'Bob wants the invoice as a PDF, with the tax number of the customer.',
      'We agreed that dates are shown in the zone of the shop, not of the visitor.',
    ];
    for (const [i, content] of said.entries())
      await call(vscode, 'store_memory', { content, memory_type: 'conversation', session_id: `talk-${i}` });
    await until(async () => (await call(vscode, 'memory_stats'))['pending_embeddings'] === 0);
    const [best] = await found(claude, 'the cart loses its items', { memory_types: ['conversation'] });
    assert.equal(best, said[0]);
  });

  it('use each other’s snippets of code again', async () => {
    const snippet = 'export const cents = (euros: number) => Math.round(euros * 100);';
    await call(gemini, 'store_memory', { content: snippet, memory_type: 'code', tags: ['money'] });
    assert.equal((await found(vscode, 'convert euros to cents', { memory_types: ['code'] }))[0], snippet);
  });

  it('refer to a document', async () => {
    const content = 'Deploying: run `make ship` on the build host, then warm the cache.';
    await call(claude, 'store_memory', { content, memory_type: 'document', metadata: { file: 'guide.md' } });
    const [best] = await found(gemini, 'how do we deploy', { memory_types: ['document'] });
    assert.match(best!, /make ship/);
  });

  it('carry context from step to step of one piece of work', async () => {
    const steps = ['The schema has a new column `zone`.', 'The import fills `zone` from the shop.'];
    for (const content of steps)
      await call(claude, 'store_memory', { content, visibility: 'private', session_id: 'zones' });
    const shared = await call(claude, 'share_context_with_agent', {
      to_agent: 'gemini-cli',
      session_id: 'zones',
      topic: 'zones',
      content: 'Next: show the zone in the invoice.',
    });
    const { contexts } = (await call(gemini, 'get_shared_context', { topic: 'zones' })) as {
      contexts: { id: string; memories: { content: string }[] }[];
    };
    assert.equal(contexts[0]?.id, shared['id']);
    assert.deepEqual(contexts[0]?.memories.map(({ content }) => content).sort(), [...steps].sort());
    assert.deepEqual((await call(vscode, 'get_shared_context', { topic: 'zones' }))['contexts'], []);
  });

  it('do tasks together, each about as many', async () => {
    const workers = [claude, gemini];
    for (const client of workers) await call(client, 'register_agent', { capabilities: ['typescript'] });
    const submitted: string[] = [];
    for (let i = 0; i < 20; i++) {
      const { id } = await call(vscode, 'distribute_task', {
        title: `Port module ${i}`,
        required_capabilities: ['typescript'],
      });
      submitted.push(id as string);
    }
    const done = await Promise.all(workers.map(client => workThrough(client)));
    assert.deepEqual(done.flat().sort(), [...submitted].sort());
    for (const tasks of done) assert.ok(Math.abs(tasks.length - 10) <= 1, `one did ${tasks.length}`);
    const { tasks } = (await call(vscode, 'list_tasks', { states: ['completed'], limit: 50 })) as {
      tasks: { id: string; result: { by: number } }[];
    };
    assert.equal(tasks.length, 20);
  });

  it('process much at once', async () => {
    const operations = Array.from({ length: 200 }, (_, i) => ({
      op: 'store_memory',
      args: { content: `Row ${i} of the price list costs ${i} euros.`, tags: ['prices'] },
    }));
    const { succeeded, failed } = await call(claude, 'batch_operations', { operations, atomic: true });
    assert.deepEqual([succeeded, failed], [200, 0]);
  });

  it('see how the work goes', async () => {
    const stats = await call(vscode, 'memory_stats');
    const byAgent = stats['by_agent'] as Record<string, number>;
    assert.ok(byAgent['claude-code']! >= 200 && byAgent['gemini-cli']! >= 1, JSON.stringify(byAgent));
    const { agents } = (await call(vscode, 'list_agents')) as { agents: { client: string }[] };
    assert.ok(agents.length >= 3, JSON.stringify(agents));
  });

  /** Claims one task after the other and completes each. @returns their ids */
  async function workThrough(client: Client): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const { tasks } = (await call(client, 'get_pending_tasks', { claim: true })) as {
        tasks: { id: string }[];
      };
      if (tasks.length === 0) return ids;
      await call(client, 'complete_task', { task_id: tasks[0]!.id, result: { by: ids.length } });
      ids.push(tasks[0]!.id);
    }
  }
});

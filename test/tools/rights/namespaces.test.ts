import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { SCOPES } from '../../../src/engine/model/rights.ts';
import type { ShownTask } from '../../../src/engine/tasks/showTasks.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import type { Tool } from '../../../src/tools/defineTool.ts';
import { tools } from '../../../src/tools/registry.ts';
import { type OpenTools, openTools } from '../../fixtures/openTools.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { type Filled, fillNamespace } from '../../fixtures/rights/fillNamespace.ts';
import { inputOf, type JsonSchema } from '../../fixtures/rights/inputOf.ts';
import { assertSame, assertSilent, secretsOf, stateOf } from '../../fixtures/rights/outside.ts';
import { bound, NAMESPACES, OWNERS, token, withRights } from '../../fixtures/rights/owners.ts';
import { poolOf } from '../../fixtures/rights/poolOf.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

/** Else the same ones each time. */
const FULL = process.env['CHAOS'] === 'full';
/** So many inputs each tool gets under each token. */
const INPUTS = FULL ? 30 : 10;
const TOKENS = FULL ? 10 : 2;

async function filled(memory: OpenTools, names: readonly string[] = NAMESPACES): Promise<readonly Filled[]> {
  const all: Filled[] = [];
  for (const name of names) all.push(await fillNamespace(memory.engine, name, OWNERS));
  return all;
}

type Open = () => Promise<OpenTools>;
/** All machines of a central Redis need the same for sensitive memories. */
const KEY = { 'encryption.key': Buffer.alloc(32, 7).toString('base64') };

describe('a token that is bound to namespaces, on a file', () => tests(() => openTools()));

describe('a token that is bound to namespaces, on a central Redis', () => {
  let redis: RedisServer;
  let prefixes = 0;
  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());
  tests(() => openTools({ ...KEY, 'redis.url': redis.url, 'redis.prefix': `t${prefixes++}:` }));
});

function tests(open: Open): void {
  it('is shown nothing from outside by any tool, and changes nothing there', async function () {
    this.timeout(FULL ? 3_600_000 : 300_000);
    await fc.assert(
      fc.asyncProperty(bound, fc.integer(), async (rights, seed) => {
        await using memory = await open();
        await using folder = await temporaryFolder();
        const { engine } = memory;
        const cursor = await engine.feed.position({});
        const all = await filled(memory);
        const inside = all.filter(({ namespace }) => rights.namespaces!.includes(namespace));
        const outside = all.filter(one => !inside.includes(one));
        const names = outside.map(({ namespace }) => namespace);
        const secrets = secretsOf(outside, inside);
        const path = join(folder.path, 'file.jsonl');
        const pool = poolOf(all, path, [cursor, cursor.split('/')[0]!]);
        const call = callToolsOn(async () => engine);
        const before = await stateOf(engine, names, OWNERS);
        const answered = new Set<string>();
        // What a writing tool was given stands inside from then on; so the reading ones come first.
        let given = '';
        const reads = (tool: Tool) => (tool.effect === 'reads' ? 0 : 1);
        for (const tool of tools.toSorted((a, b) => reads(a) - reads(b))) {
          const schema = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
          for (const input of fc.sample(inputOf(schema, pool), { numRuns: INPUTS, seed })) {
            const answer = await call(tool.name, input, withRights(rights)).then(
              done => {
                answered.add(tool.name);
                return `${JSON.stringify(done.structured)} ${done.text} ${done.notice ?? ''}`;
              },
              (error: Error & { fix?: string }) => {
                assert.equal(error.name, 'MemoryError', error.stack);
                return `${error.message} ${error.fix}`;
              },
            );
            if (tool.effect !== 'reads') given += JSON.stringify(input);
            assertSilent(answer, given + JSON.stringify(input), secrets, tool.name);
          }
        }
        assertSilent(await readFile(path, 'utf8').catch(() => ''), given, secrets, 'the exported file');
        assertSame(before, await stateOf(engine, names, OWNERS));
        assert.ok(answered.size >= 20, `only these answered: ${[...answered].join(', ')}`);
      }),
      { numRuns: TOKENS, endOnFailure: true, ...(FULL ? {} : { seed: 7 }) },
    );
  });

  it('is told the same, and counts the same, whatever else there is', async function () {
    this.timeout(120_000);
    await using memory = await open();
    const { engine } = memory;
    const mine = await fillNamespace(engine, 'ns-shop', OWNERS);
    const call = callToolsOn(async () => engine);
    const who = withRights({ scopes: SCOPES, namespaces: ['ns-shop'] });
    const look = async () => {
      const answers: Record<string, unknown> = {};
      for (const [name, input] of questionsOn(mine)) {
        answers[`${name} ${JSON.stringify(input)}`] = await call(name, input, who).then(
          ({ structured, notice }) => [withoutTime(structured), notice],
          (error: Error) => error.message,
        );
      }
      return answers;
    };
    // While a task is offered to somebody, it comes after those that are not.
    const isOffered = ({ task }: ShownTask) => (task.offerUntil ?? 0) > Date.now();
    await until(async () => {
      const { tasks } = await engine.tasks.list({ namespaces: ['ns-shop'] }, { limit: 100, offset: 0 });
      return !tasks.some(isOffered);
    });
    // The first look is what makes the caller an agent, and counts as use.
    await look();
    const before = await look();
    for (const name of ['ns-lab', 'ns-vault', 'global']) await fillNamespace(engine, name, OWNERS);
    await memory.call('publish_event', { type: 'node_status', node: 'spark-1', status: 'online' });
    assert.deepEqual(await look(), before);
  });

  it('hears of nothing elsewhere, whatever a listener asks for', async () => {
    await using memory = await open();
    const { engine } = memory;
    const cursor = await engine.feed.position({});
    for (const name of ['ns-lab', 'ns-shop']) await fillNamespace(engine, name, OWNERS);
    const who = withRights({ scopes: SCOPES, namespaces: ['ns-shop'] });
    const { events } = await engine.feed.since(cursor, 500, who, undefined);
    const places = events.map(({ event }) => ('namespace' in event ? event.namespace : undefined));
    assert.deepEqual([...new Set(places)], ['ns-shop']);
  });

  it('takes no place of a memory that was forgotten elsewhere', async () => {
    await using memory = await open();
    const there = memory.as({ ...token, namespace: 'ns-lab' });
    const { id } = await there.call('store_memory', { content: 'forgotten' });
    const forgotten = await there.call('clear_memory', { memory_id: id, confirm: true });
    const here = memory.as(withRights({ scopes: SCOPES, namespaces: ['ns-shop'] }));
    const again = { memory_id: id, content: 'another' };
    await assert.rejects(here.call('store_memory', again), { code: 'conflict' });
    const [operation] = forgotten['operation_ids'] as string[];
    await there.call('undo_change', { operation_id: operation });
    assert.equal((await there.call('retrieve_memory', { memory_id: id }))['content'], 'forgotten');
    // Where it was, it may be used again.
    await there.call('clear_memory', { memory_id: id, confirm: true });
    const back = memory.as(withRights({ scopes: SCOPES, namespaces: ['ns-lab'] }));
    assert.equal((await back.call('store_memory', again))['id'], id);
  });

  it('gets nothing through what is shared in a namespace that it does not reach', async () => {
    await using memory = await open();
    const [ada] = OWNERS as [Caller];
    const owner = memory.as({ ...ada, namespace: 'ns-shop' });
    const { id } = await owner.call('store_memory', { content: 'kept', visibility: 'private' });
    const reader = memory.as(withRights({ scopes: SCOPES, namespaces: ['ns-shop'] }));
    const share = (namespace: string) =>
      owner.call('share_context_with_agent', { to_agent: '*', memory_ids: [id], namespace });
    const { id: context } = await share('ns-lab');
    await assert.rejects(reader.call('retrieve_memory', { memory_id: id }), { code: 'not_found' });
    await reader.call('get_shared_context', { acknowledge: [context] });
    const [shared] = await memory.engine.contexts.received(
      { namespace: 'ns-lab', sent: true, limit: 9 },
      ada,
    );
    assert.deepEqual(shared!.context.acknowledged, []);
    await share('ns-shop');
    assert.equal((await reader.call('retrieve_memory', { memory_id: id }))['content'], 'kept');
  });

  it('sees with the eyes of whoever shares something no further than it reaches itself', async () => {
    await using memory = await open();
    const [ada] = OWNERS as [Caller];
    const owner = memory.as({ ...ada, namespace: 'ns-lab' });
    const { id } = await owner.call('store_memory', { content: 'kept', visibility: 'private' });
    const whole = { to_agent: '*', namespace: 'ns-shop', permission: 'read_write' };
    await owner.call('share_context_with_agent', { ...whole, memory_ids: [id] });
    const reader = memory.as(withRights({ scopes: SCOPES, namespaces: ['ns-shop'] }));
    const get = ['retrieve_memory', { memory_id: id }] as const;
    await assert.rejects(reader.call(...get), { code: 'not_found' });
    const change = { memory_id: id, content: 'changed' };
    await assert.rejects(reader.call('update_memory', change), { code: 'not_found' });
    const { contexts } = await reader.call('get_shared_context', {});
    assert.equal((contexts as unknown[]).length, 1);
    assert.ok(!JSON.stringify(contexts).includes(id as string));
    // Whom no namespace binds, it is shown to.
    const { rights: _, ...unbound } = withRights({ scopes: SCOPES, namespaces: ['ns-shop'] });
    assert.equal((await memory.as(unbound).call(...get))['content'], 'kept');
  });
}

/** Everything that reads, of all that the token reaches. */
function questionsOn({ ids }: Filled): readonly (readonly [string, object])[] {
  const everywhere = { namespace: '*' };
  const ofMemories = ids.memory.flatMap(memory_id => [
    ['find_similar_memories', { memory_id, ...everywhere }] as const,
    ['memory_history', { memory_id }] as const,
  ]);
  return [
    ...(['deploy', 'shop words', 'x'] as const).map(
      query => ['semantic_search', { query, limit: 100, explain: true, ...everywhere }] as const,
    ),
    ...(
      ['memory_stats', 'get_agent_memories', 'memory_history', 'memories_to_review', 'list_tasks'] as const
    ).map(name => [name, everywhere] as const),
    ...(['task_stats', 'list_agents', 'list_events', 'list_merges'] as const).map(
      name => [name, everywhere] as const,
    ),
    // Without a namespace: what is usual, as far as the token reaches.
    ...(
      ['list_tasks', 'list_agents', 'task_stats', 'claim_files', 'list_events', 'memory_stats'] as const
    ).map(name => [name, {}] as const),
    ['memory_digest', { task: 'deploy', ...everywhere }],
    ['claim_files', everywhere],
    ['get_shared_context', everywhere],
    ['get_pending_tasks', {}],
    ...ofMemories.filter((_, i) => i % 5 === 0),
  ];
}

/** Without what time and use alone change, and places in logs that all share. */
function withoutTime(answer: unknown): unknown {
  const TIMED =
    /^(position|cursor|waiting|updated_at|accessed_at|access_count|heartbeat_at|lease_until|nothing|claimable|offer.*)$/;
  return JSON.parse(
    JSON.stringify(answer, (name, value: unknown) => {
      if (TIMED.test(name)) return undefined;
      return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
    }),
  );
}

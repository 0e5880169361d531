import { z } from 'zod';
import type { Engine, EngineStatus } from '../../engine/engine.ts';
import { oneLine } from '../../engine/foreignText.ts';
import type { Latency } from '../../engine/health/latencies.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import type { SearchPlace } from '../../engine/ports/memoryIndex.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

/** What is told of the past, and of what is to come. */
const DAYS = { stored: 14, expiring: 7 };

const latency = z.object({ count: z.number(), p50_ms: z.number(), p95_ms: z.number() });
const counts = z.record(z.string(), z.number());

export const memoryStats = defineTool({
  name: 'memory_stats',
  title: 'Memory statistics',
  description:
    'Counts memories by type, priority, agent and namespace; tells whether recall is hybrid or lexical, and why.',
  effect: 'reads',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    agent_id: field.name.optional(),
    namespace: field.readNamespace,
  }),
  output: z.object({
    total: z.number(),
    by_type: counts,
    by_priority: counts,
    by_agent: counts,
    by_namespace: counts,
    pinned: z.number(),
    expired: z.number(),
    content_bytes: z.number(),
    stored_by_day: z.array(z.number()).describe('The last 14 days (UTC), today last'),
    expiring_in_7_days: z.number(),
    pending_embeddings: z.number(),
    refused_embeddings: z.number(),
    indexed: z.number(),
    mode: z.enum(['hybrid', 'lexical']),
    problem: z.string().optional(),
    embedding_model: z.string().nullable(),
    model_tried: z.boolean(),
    central: z
      .object({
        location: z.string(),
        waiting: z.number(),
        problem: z.string().optional(),
        fix: z.string().optional(),
        refused: z.boolean().optional(),
      })
      .optional()
      .describe('The memory that all machines share'),
    search: z
      .object({
        place: z.enum(['process', 'server']),
        reason: z.string(),
        problem: z.string().optional(),
        server: z
          .object({
            name: z.string(),
            behind: z.number(),
            ready: z.boolean(),
          })
          .optional(),
      })
      .describe('Where memories are searched'),
    locked: z.string().optional().describe('Why sensitive memories cannot be decrypted'),
    latency: z
      .object({ search: latency, embedding: latency })
      .optional()
      .describe('Of this process: the last 256 questions, and their vectors'),
    cache_hit_ratio: z
      .object({ answers: z.number().nullable(), vectors: z.number().nullable() })
      .optional()
      .describe('Of this process, 0-1; null before the first question'),
    store: z
      .object({ driver: z.string(), location: z.string(), bytes: z.number() })
      .optional()
      .describe('As latency, cache_hit_ratio and central, absent for a token that is bound to namespaces'),
  }),
  async handle({ agent_id, namespace }, { engine, caller }) {
    const namespaces = readNamespaces(namespace, caller);
    const filter = { ...(namespaces && { namespaces }), ...(agent_id !== undefined && { agent: agent_id }) };
    const [count, embedded, trend, status] = await Promise.all([
      engine.counts(filter, caller),
      engine.embedded(filter, caller),
      engine.trend(filter, DAYS, caller),
      engine.status(),
    ]);
    const everywhere = caller.rights?.namespaces === undefined;
    return {
      total: count.total,
      by_type: { ...count.byType },
      by_priority: { ...count.byPriority },
      by_agent: { ...count.byAgent },
      by_namespace: { ...count.byNamespace },
      pinned: count.pinned,
      expired: count.expired,
      content_bytes: count.contentBytes,
      stored_by_day: [...trend.storedByDay],
      expiring_in_7_days: trend.expiring,
      pending_embeddings: embedded.pending,
      refused_embeddings: embedded.refused,
      indexed: embedded.indexed,
      mode: status.mode,
      ...(status.problem !== undefined && { problem: status.problem }),
      embedding_model: status.embedding.model,
      model_tried: status.embedding.tried,
      search: everywhere
        ? viewSearch(status.search)
        : { place: status.search.place, reason: 'as the server is set up' },
      ...(status.store.locked !== undefined && { locked: status.store.locked }),
      ...(everywhere && ofProcess(engine, status)),
    };
  },
  summarize: stats => {
    const line = (title: string, values: Record<string, number>) =>
      `${title}: ${
        Object.entries(values)
          .map(([key, value]) => `${oneLine(key)} ${value}`)
          .join(', ') || 'none'
      }`;
    const untried = stats.model_tried ? '' : ' (not tried yet)';
    const refused = stats.refused_embeddings > 0 ? `, ${stats.refused_embeddings} refused by the model` : '';
    return [
      ...(stats.locked === undefined ? [] : [stats.locked]),
      `${stats.total} memories, ${stats.pinned} pinned, ${stats.expired} expired, ${stats.content_bytes} bytes.`,
      `${total(stats.stored_by_day)} stored in ${DAYS.stored} days, ${stats.stored_by_day.at(-1)} today; ${stats.expiring_in_7_days} to expire within ${DAYS.expiring} days`,
      line('types', stats.by_type),
      line('priorities', stats.by_priority),
      line('agents', stats.by_agent),
      line('namespaces', stats.by_namespace),
      `recall: ${stats.mode}${stats.problem ? ` (${stats.problem})` : ''}, model ${stats.embedding_model ?? 'none'}${untried}, ${stats.pending_embeddings} waiting for an embedding${refused}`,
      ...(stats.central === undefined ? [] : [searched(stats.search)]),
      ...(stats.latency?.search.count ? [timed(stats.latency, stats.cache_hit_ratio?.answers ?? null)] : []),
      ...(stats.store
        ? [`store: ${stats.store.location} (${stats.store.driver}, ${stats.store.bytes} bytes)`]
        : []),
    ].join('\n');
  },
});

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** What counts everybody's memories and questions. */
function ofProcess({ caches: { inProcess: caches } }: Engine, { latency, store }: EngineStatus) {
  const { bytes, central, driver, location } = store;
  return {
    ...(central && { central: { ...central } }),
    latency: { search: viewLatency(latency.search), embedding: viewLatency(latency.embedding) },
    cache_hit_ratio: {
      answers: ratioOf(caches.get('responses')),
      vectors: ratioOf(caches.get('embeddings')),
    },
    store: { driver, location, bytes },
  };
}

/** Without how much the server holds, which is of everybody. */
function viewSearch({ server, ...search }: SearchPlace) {
  if (!server) return search;
  const { behind, name, ready } = server;
  return { ...search, server: { name, behind, ready } };
}

function viewLatency({ count, p50Ms, p95Ms }: Latency): z.input<typeof latency> {
  const rounded = (ms: number) => Math.round(ms * 100) / 100;
  return { count, p50_ms: rounded(p50Ms), p95_ms: rounded(p95Ms) };
}

function ratioOf(tally: { readonly hits: number; readonly misses: number } | undefined): number | null {
  const asked = tally ? tally.hits + tally.misses : 0;
  return tally && asked > 0 ? Math.round((100 * tally.hits) / asked) / 100 : null;
}

/** Such as `this process: 120 questions, p50 5.2 ms, p95 9.9 ms (vectors 3.1, 6.0), 40 % answered from memory`. */
function timed(
  { embedding, search }: { search: z.infer<typeof latency>; embedding: z.infer<typeof latency> },
  answers: number | null,
): string {
  const vectors = embedding.count === 0 ? '' : ` (vectors ${embedding.p50_ms}, ${embedding.p95_ms})`;
  const known = answers === null ? '' : `, ${Math.round(answers * 100)} % answered from memory`;
  return `this process: ${counted(search.count, 'question')}, p50 ${search.p50_ms} ms, p95 ${search.p95_ms} ms${vectors}${known}`;
}

function searched({
  place,
  problem,
  reason,
}: {
  place: string;
  problem?: string | undefined;
  reason: string;
}): string {
  return `searched: in the ${place} (${reason})${problem === undefined ? '' : `; ${problem}`}`;
}

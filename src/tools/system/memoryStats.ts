import { z } from 'zod';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

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
    pending_embeddings: z.number(),
    refused_embeddings: z.number(),
    indexed: z.number(),
    mode: z.enum(['hybrid', 'lexical']),
    problem: z.string().optional(),
    embedding_model: z.string().nullable(),
    model_tried: z.boolean(),
    central: z
      .object({ location: z.string(), waiting: z.number(), problem: z.string().optional() })
      .optional()
      .describe('The memory that all machines share'),
    locked: z.string().optional().describe('Why sensitive memories cannot be decrypted'),
    store: z.object({ driver: z.string(), location: z.string(), bytes: z.number() }),
  }),
  async handle({ agent_id, namespace }, { engine, caller }) {
    const namespaces = readNamespaces(namespace, caller);
    const [count, status] = await Promise.all([
      engine.counts(
        { ...(namespaces && { namespaces }), ...(agent_id !== undefined && { agent: agent_id }) },
        caller,
      ),
      engine.status(),
    ]);
    return {
      total: count.total,
      by_type: { ...count.byType },
      by_priority: { ...count.byPriority },
      by_agent: { ...count.byAgent },
      by_namespace: { ...count.byNamespace },
      pinned: count.pinned,
      expired: count.expired,
      content_bytes: count.contentBytes,
      pending_embeddings: status.embedding.pending,
      refused_embeddings: status.embedding.refused,
      indexed: status.embedding.indexed,
      mode: status.mode,
      ...(status.problem !== undefined && { problem: status.problem }),
      embedding_model: status.embedding.model,
      model_tried: status.embedding.tried,
      ...(status.store.central && { central: { ...status.store.central } }),
      ...(status.store.locked !== undefined && { locked: status.store.locked }),
      store: { driver: status.store.driver, location: status.store.location, bytes: status.store.bytes },
    };
  },
  summarize: stats => {
    const line = (title: string, values: Record<string, number>) =>
      `${title}: ${
        Object.entries(values)
          .map(([key, value]) => `${key} ${value}`)
          .join(', ') || 'none'
      }`;
    const untried = stats.model_tried ? '' : ' (not tried yet)';
    const refused = stats.refused_embeddings > 0 ? `, ${stats.refused_embeddings} refused by the model` : '';
    return [
      ...(stats.locked === undefined ? [] : [stats.locked]),
      `${stats.total} memories, ${stats.pinned} pinned, ${stats.expired} expired, ${stats.content_bytes} bytes.`,
      line('types', stats.by_type),
      line('priorities', stats.by_priority),
      line('agents', stats.by_agent),
      line('namespaces', stats.by_namespace),
      `recall: ${stats.mode}${stats.problem ? ` (${stats.problem})` : ''}, model ${stats.embedding_model ?? 'none'}${untried}, ${stats.pending_embeddings} waiting for an embedding${refused}`,
      `store: ${stats.store.location} (${stats.store.driver}, ${stats.store.bytes} bytes)`,
    ].join('\n');
  },
});

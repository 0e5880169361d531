import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { COMPACTION, type Operation, PROMOTION } from '../../engine/model/operation.ts';
import { isoTime } from '../../engine/model/time.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const memoryHistory = defineTool({
  name: 'memory_history',
  title: 'History of changes',
  description:
    'The latest changes of one memory or of all, newest first, with the operation ids that undo_change takes.',
  effect: 'reads',
  set: 'memory',
  surfaces: ['editor', 'rest', 'cli'],
  input: z.strictObject({
    memory_id: field.memoryId.optional().describe('Default: all memories'),
    namespace: field.readNamespace,
    limit: field.limit(20, 1000).describe('How many changes'),
  }),
  output: z.object({
    operations: z.array(
      z.object({
        operation_id: z.string(),
        kind: z.string(),
        memory_id: z.string(),
        version: z.number(),
        by: z.string(),
        at: z.string(),
        fields: z.array(z.string()),
        undoes: z.string().nullable(),
        reason: z.string().optional().describe('Of a change that nobody asked for'),
      }),
    ),
    versions: z
      .array(z.object({ version: z.number(), content: z.string(), replaced_at: z.string() }))
      .optional(),
  }),
  async handle({ memory_id, namespace, limit }, { engine, caller }) {
    // A memory that is named is shown wherever it is, as retrieve_memory does.
    const namespaces =
      memory_id !== undefined && namespace === undefined ? undefined : readNamespaces(namespace, caller);
    const operations = await engine.operations(limit, caller, {
      ...(memory_id !== undefined && { memoryId: memory_id }),
      ...(namespaces && { namespaces }),
    });
    const versions = memory_id === undefined ? undefined : await engine.memories.versions(memory_id, caller);
    return {
      operations: operations.map(operation => ({
        operation_id: operation.id,
        kind: operation.kind,
        memory_id: operation.memoryId,
        version: operation.version,
        by: operation.principal,
        at: isoTime(operation.at),
        fields: operation.kind === 'create' ? [] : Object.keys(operation.patch),
        undoes: operation.undoes,
        ...reasonOf(operation),
      })),
      ...(versions && {
        versions: versions.map(({ version, memory, replacedAt }) => ({
          version,
          content: memory.content,
          replaced_at: isoTime(replacedAt),
        })),
      }),
    };
  },
  summarize: ({ operations }) =>
    operations
      .map(
        one =>
          `${one.operation_id} ${one.at} ${one.kind} ${oneLine(one.memory_id)} v${one.version} ${one.fields.join(' ')} by ${oneLine(one.by)}${one.reason === undefined ? '' : `: ${oneLine(one.reason)}`}`,
      )
      .join('\n') || 'No changes.',
});

/** Of a merge its id, which unmerge_memories takes. */
function reasonOf({ instance }: Operation): { readonly reason?: string } {
  if (instance.startsWith(COMPACTION)) return { reason: `merge ${instance.slice(COMPACTION.length)}` };
  return instance.startsWith(PROMOTION) ? { reason: instance.slice(PROMOTION.length) } : {};
}

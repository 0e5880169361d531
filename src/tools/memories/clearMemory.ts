import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const clearMemory = defineTool({
  name: 'clear_memory',
  title: 'Forget memories',
  description:
    'Deletes one memory, or all that match every given filter. Without confirm: true nothing is deleted.',
  effect: 'destroys',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    memory_id: field.memoryId.optional(),
    agent_id: field.name.optional(),
    memory_type: field.memoryType.optional(),
    tags: field.tags.optional(),
    session_id: field.name.optional(),
    before: field.instant.optional().describe('Created before'),
    expired_only: z.boolean().optional(),
    dry_run: z.boolean().optional().describe('Only say what would go'),
    confirm: z.boolean().optional(),
    expected_version: z.number().int().min(1).optional().describe('Refuse if it changed since'),
    namespace: field.readNamespace,
  }),
  advanced: ['session_id', 'memory_type', 'before', 'expected_version'],
  output: z.object({
    matched: z.number(),
    deleted: z.number(),
    ids: z.array(z.string()).describe('The first 100'),
    operation_ids: z.array(z.string()).describe('For undo_change; the first 100'),
  }),
  async handle(input, { engine, caller, progress, signal }) {
    const namespaces = readNamespaces(input.namespace, caller);
    const until = field.toMs(input.before);
    const { ids, operations } = await engine.memories.clear(
      {
        ...(input.memory_id !== undefined ? { ids: [input.memory_id] } : namespaces && { namespaces }),
        ...(input.agent_id !== undefined && { agent: input.agent_id }),
        ...(input.memory_type && { types: [input.memory_type] }),
        ...(input.tags && { tags: input.tags }),
        ...(input.session_id !== undefined && { session: input.session_id }),
        ...(until !== undefined && { until }),
      },
      {
        expiredOnly: input.expired_only ?? false,
        dryRun: input.dry_run ?? false,
        confirm: input.confirm ?? false,
        expectedVersion: input.expected_version,
      },
      caller,
      signal,
      (done, total) => progress({ done, total, message: `${done} of ${total} deleted` }),
    );
    return {
      matched: ids.length,
      deleted: operations.length,
      ids: ids.slice(0, 100),
      operation_ids: operations.slice(0, 100).map(operation => operation.id),
    };
  },
  summarize: ({ matched, deleted, ids }) =>
    deleted > 0
      ? `Deleted ${deleted} of ${matched}.`
      : `${matched} would be deleted${
          ids.length > 0
            ? `: ${ids
                .slice(0, 20)
                .map(id => oneLine(id))
                .join(', ')}${matched > 20 ? ', …' : ''}`
            : ''
        }.`,
});

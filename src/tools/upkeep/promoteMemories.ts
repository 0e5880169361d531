import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const promoteMemories = defineTool({
  name: 'promote_memories',
  title: 'Promote what is used',
  description: `Raises the priority of memories that are used often or by several, by one step up to high, and their expiry with it. Only says which, unless dry_run is false.
The reason is in memory_history; undo_change takes a promotion back, for good.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    dry_run: z.boolean().default(true).describe('Only say what would rise'),
    limit: field.limit(100, 1000).describe('Ends after so many'),
    namespace: field.readNamespace,
  }),
  output: z.object({
    dry_run: z.boolean(),
    examined: z.number(),
    promoted: z.array(
      z.object({
        id: z.string(),
        from: field.priority,
        to: field.priority,
        reason: z.string(),
        operation_id: z.string().nullable().describe('For undo_change'),
      }),
    ),
  }),
  async handle({ dry_run, limit, namespace }, { engine, caller, progress, signal }) {
    const namespaces = readNamespaces(namespace, caller);
    const { examined, promoted } = await engine.upkeep.promotion.run(
      { dryRun: dry_run, limit, ...(namespaces && { namespaces }) },
      caller,
      signal,
      ({ examined, total }) => progress({ done: Math.min(examined, total), total }),
    );
    return {
      dry_run,
      examined,
      promoted: promoted.map(({ operationId, ...one }) => ({ ...one, operation_id: operationId })),
    };
  },
  summarize: ({ dry_run, examined, promoted }) =>
    [
      `${counted(examined, 'memory', 'memories')} looked at, ${promoted.length} ${dry_run ? 'would rise' : 'risen'}.`,
      ...promoted.map(({ id, from, to, reason }) => `${oneLine(id)} ${from} to ${to}: ${reason}`),
      ...(dry_run && promoted.length > 0 ? ['Nothing was changed; with dry_run false it is done.'] : []),
    ].join('\n'),
});

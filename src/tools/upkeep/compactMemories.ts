import { z } from 'zod';
import type { MergedGroup } from '../../engine/compaction/compaction.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

const TEXT_CHARS = 300;

const member = z.object({ id: z.string(), content: z.string(), similarity: z.number().optional() });

export const compactMemories = defineTool({
  name: 'compact_memories',
  title: 'Merge near-duplicates',
  description: `Finds memories that say the same and merges each group into one, which keeps all tags and counts. Only says what would be merged, unless dry_run is false.
Returns the groups; unmerge_memories takes one apart again, list_merges lists them.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    dry_run: z.boolean().default(true).describe('Only say what would be merged'),
    limit: field.limit(100, 1000).describe('Ends after about so many groups'),
    namespace: field.readNamespace,
  }),
  output: z.object({
    dry_run: z.boolean(),
    examined: z.number(),
    groups: z.array(
      z.object({
        merge_id: z.string().nullable().describe('For unmerge_memories'),
        survivor: member,
        merged: z.array(member),
      }),
    ),
    overtaken: z.number().describe('Groups of which somebody changed a memory meanwhile'),
    left_alone: z.record(z.string(), z.number()).describe('How many were not looked at, by why'),
    done: z.boolean().describe('All has been looked at'),
  }),
  async handle({ dry_run, limit, namespace }, { engine, caller, progress, signal }) {
    const namespaces = readNamespaces(namespace, caller);
    const report = await engine.upkeep.compaction.run(
      { dryRun: dry_run, limit, ...(namespaces && { namespaces }) },
      caller,
      signal,
      ({ examined, merged, total }) =>
        progress({ done: examined, total, message: `${counted(merged, 'group')} found` }),
    );
    return {
      dry_run,
      examined: report.examined,
      groups: report.groups.map(viewGroup),
      overtaken: report.overtaken,
      left_alone: { ...report.leftAlone },
      done: report.done,
    };
  },
  summarize: ({ dry_run, examined, groups, left_alone, overtaken, done }) =>
    [
      `${counted(examined, 'memory', 'memories')} looked at, ${counted(groups.length, 'group')} ${dry_run ? 'would be merged' : 'merged'}${overtaken > 0 ? `, ${overtaken} changed meanwhile` : ''}${done ? '' : '; there are more'}.`,
      ...groups.map(
        ({ merge_id, survivor, merged }) =>
          `${merge_id === null ? '' : `${merge_id}: `}${oneLine(survivor.id)} takes in ${merged.map(one => oneLine(one.id)).join(', ')}: ${oneLine(survivor.content)}`,
      ),
      ...Object.entries(left_alone).map(([why, count]) => `left alone, ${why}: ${count}`),
      ...(dry_run && groups.length > 0 ? ['Nothing was changed; with dry_run false it is done.'] : []),
    ].join('\n'),
});

function viewGroup({ id, survivor, others }: MergedGroup) {
  return {
    merge_id: id,
    survivor: { id: survivor.id, content: survivor.content.slice(0, TEXT_CHARS) },
    merged: others.map(({ memory, score }) => ({
      id: memory.id,
      content: memory.content.slice(0, TEXT_CHARS),
      similarity: score,
    })),
  };
}

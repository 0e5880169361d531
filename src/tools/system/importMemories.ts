import { z } from 'zod';
import { IMPORT_KINDS } from '../../engine/ports/importSource.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const importMemories = defineTool({
  name: 'import_memories',
  title: 'Import memories',
  description:
    'Makes memories of Markdown files, git history, the MCP memory server, Claude Code’s memory files, an agent memory server or an export. A second run adds nothing.',
  effect: 'writes',
  idempotent: true,
  set: 'memory',
  surfaces: ['editor', 'cli'],
  input: z.strictObject({
    path: z.string().min(1).max(4000).describe('File, folder, or redis:// address'),
    kind: z.enum(IMPORT_KINDS).default('auto'),
    since: field.instant.optional().describe('Only commits that are not older'),
    max: z.number().int().min(1).max(1_000_000).optional().describe('At most so many commits'),
    prune: z.boolean().optional().describe('Forget what was removed from the source'),
    dry_run: z.boolean().optional().describe('Only say what would happen'),
    agent_id: field.name.optional().describe('Label of who stores'),
    namespace: field.writeNamespace,
  }),
  output: z.object({
    added: z.number(),
    updated: z.number(),
    unchanged: z.number(),
    duplicates: z.number(),
    removed: z.number(),
    removed_ids: z.array(z.string()).describe('The first 100'),
    pruned: z.number(),
    skipped: z.number(),
    problems: z.array(z.object({ where: z.string(), reason: z.string() })).describe('The first 100'),
    masked: z.number().describe('Memories in which secrets were masked'),
    dry_run: z.boolean(),
  }),
  async handle(input, { engine, caller, progress, signal }) {
    const since = field.toMs(input.since);
    const dryRun = input.dry_run ?? false;
    const { removed, problems, ...counts } = await engine.transfer.import(
      {
        path: input.path,
        kind: input.kind,
        ...(since !== undefined && { since }),
        ...(input.max !== undefined && { max: input.max }),
      },
      { prune: input.prune ?? false, dryRun, namespace: input.namespace, agent: input.agent_id },
      caller,
      signal,
      done => progress({ done, message: `${done} read` }),
    );
    return {
      ...counts,
      removed: removed.length,
      removed_ids: removed.slice(0, 100),
      problems: problems.map(problem => ({ ...problem })),
      dry_run: dryRun,
    };
  },
  summarize: output => {
    const { added, updated, unchanged, duplicates, removed, skipped } = output;
    if (added + updated + unchanged + duplicates + removed + skipped === 0)
      return 'Nothing was found there that can be imported.';
    const parts = [
      `${output.dry_run ? 'Would add' : 'Added'} ${output.added}`,
      `updated ${output.updated}`,
      `unchanged ${output.unchanged}`,
      ...(output.duplicates > 0 ? [`known already ${output.duplicates}`] : []),
      ...(output.removed > 0
        ? [
            `${output.removed} no longer in the source${output.pruned > 0 ? `, ${output.pruned} forgotten` : ' (--prune forgets them)'}`,
          ]
        : []),
      ...(output.skipped > 0 ? [`skipped ${output.skipped}`] : []),
      ...(output.masked > 0 ? [`secrets masked in ${output.masked}`] : []),
    ];
    return [
      `${parts.join(', ')}.`,
      ...output.problems.map(({ where, reason }) => `skipped ${where}: ${reason}`),
    ].join('\n');
  },
});

import { Command } from 'commander';
import { oneLine } from '../../../engine/foreignText.ts';
import { confirm } from '../confirm.ts';
import type { RunCommand } from '../runCommand.ts';

/** `forget <id…>`: shows what would go, asks, deletes; each can be brought back. */
export function forgetCommand(run: RunCommand): Command {
  return new Command('forget')
    .summary('Delete memories; undo brings them back')
    .argument('<ids...>', 'ids of the memories')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what would go')
    .action(
      run(async (session, { args, options }) => {
        const ids = [...new Set(args[0] as string[])];
        const shown: { id: string; content: string }[] = [];
        for (const memory_id of ids) {
          const { structured } = await session.call('retrieve_memory', { memory_id });
          shown.push({ id: memory_id, content: String(structured['content']) });
        }
        const list = shown.map(({ id, content }) => `${oneLine(id)}  ${oneLine(content, 100)}`).join('\n');
        if (options['dryRun']) return session.print({ matched: ids.length, deleted: 0, ids }, list);
        if (options['yes'] !== true) session.note(list);
        const what = ids.length === 1 ? 'Forget this memory?' : `Forget these ${ids.length} memories?`;
        if (!(await confirm(what, options['yes'] === true, session)))
          return session.print({ deleted: 0 }, 'Nothing was deleted.');
        const operations: unknown[] = [];
        for (const memory_id of ids) {
          const { structured } = await session.call('clear_memory', { memory_id, confirm: true });
          operations.push(...(structured['operation_ids'] as string[]));
        }
        session.print(
          { deleted: operations.length, ids, operation_ids: operations },
          session.quiet
            ? ''
            : `Forgot ${operations.length}.\n${operations.map(id => `Undo: memory-central undo ${id}`).join('\n')}`,
        );
      }),
    );
}

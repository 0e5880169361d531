import type { Command } from 'commander';
import { toolsFor } from '../../tools/registry.ts';
import type { PlainArgument } from './plainArgument.ts';
import { renderPending } from './renderPending.ts';
import type { RunCommand } from './runCommand.ts';
import { type Friendly, toolCommand } from './toolCommand.ts';

const task: PlainArgument = { spec: '[task-id]', about: 'the same as --task-id', field: 'task_id' };

/** How the command of a tool differs from its bare fields: what people type without a flag, and what they type next. */
const OWN: Readonly<Record<string, Pick<Friendly, 'plain' | 'render'>>> = {
  get_pending_tasks: {
    plain: [{ spec: '[task-ids...]', about: 'the same as --task-ids', field: 'task_ids', list: true }],
    render: renderPending,
  },
  complete_task: { plain: [task] },
  fail_task: { plain: [task] },
  update_task: { plain: [task] },
  task_history: { plain: [task] },
  claim_files: {
    plain: [{ spec: '[globs...]', about: 'the same as --globs', field: 'globs', list: true }],
  },
  handoff: { plain: [{ spec: '[from-agent]', about: 'the same as --from-agent', field: 'from_agent' }] },
};

/** Every tool by its own name, for scripts; help lists them by topic, several in a line. */
export function addToolCommands(program: Command, run: RunCommand): void {
  for (const tool of toolsFor('cli'))
    program.addCommand(toolCommand(tool, run, undefined, OWN[tool.name]), { hidden: true });
}

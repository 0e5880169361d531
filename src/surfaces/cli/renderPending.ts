import type { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { counted } from '../../tools/counted.ts';
import { getPendingTasks } from '../../tools/tasks/getPendingTasks.ts';
import { taskText } from '../../tools/tasks/taskView.ts';
import type { Style } from './terminal.ts';

const REGISTER = 'memory-central register-agent --capabilities';

type Answer = z.infer<typeof getPendingTasks.output>;

/** What was claimed, with the commands that end it ready to paste; what waits, in the words of the command line. */
export function renderPending(
  structured: Record<string, unknown>,
  style: Style,
  namespace: string | undefined,
): string {
  const answer = structured as Answer;
  const { agent_id, claimed, tasks } = answer;
  if (!claimed || tasks.length === 0)
    return getPendingTasks
      .summarize(answer)
      .replace('claim: true', 'memory-central claim')
      .replace(/(?<=; if you can do that, say so with )register_agent$/gm, REGISTER);
  const inIt = namespace === undefined ? '' : ` --namespace ${word(namespace)}`;
  return [
    `Leased to ${oneLine(agent_id)}: ${counted(tasks.length, 'task')}.`,
    ...tasks.map(task =>
      [
        taskText(task),
        `  leased until ${(task.lease_until ?? '').slice(0, 19)}Z; each memory-central note makes it longer`,
        `  memory-central complete ${word(task.id)}${inIt}`,
        style('dim', `  ${elsewhere(task)}`),
      ].join('\n'),
    ),
    'Also fail, release or ask. From another shell, with the proof of the claim as above.',
  ].join('\n');
}

function elsewhere({ id, fence, lease_id = '', namespace }: Answer['tasks'][number]): string {
  return `memory-central complete ${word(id)} --fence ${fence} --lease-id ${word(lease_id)} --namespace ${word(namespace)}`;
}

/** As one word of a shell. */
function word(text: string): string {
  return /^[\w.,:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

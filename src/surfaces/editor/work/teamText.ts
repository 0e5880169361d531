import type { Team } from '../engine/engineMessages.ts';

/** As `vscode.l10n.t`. */
type Translate = (text: string, ...args: (string | number)[]) => string;

/** Such as ` 2 agents are here: Claude Code on laptop, VS Code on laptop. 3 tasks wait.`; empty when there is nothing to say. */
export function teamText({ agents, tasks }: Team, t: Translate): string {
  const here = agents.filter(agent => agent.presence !== 'offline').map(agent => agent.name);
  const names = here.join(', ');
  const waiting = tasks.ready + tasks.blocked + tasks.retry_wait;
  const { leased, input_required: asking } = tasks;
  const parts = [
    here.length === 1
      ? t('1 agent is here: {0}.', names)
      : t('{0} agents are here: {1}.', here.length, names),
    waiting === 1 ? t('1 task waits.') : t('{0} tasks wait.', waiting),
    leased === 1 ? t('1 is worked on.') : t('{0} are worked on.', leased),
    asking === 1 ? t('1 needs an answer.') : t('{0} need an answer.', asking),
  ];
  const counts = [here.length, waiting, leased, asking];
  return parts.map((part, i) => (counts[i]! > 0 ? ` ${part}` : '')).join('');
}

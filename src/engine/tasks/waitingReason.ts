import { oneLine } from '../foreignText.ts';
import type { Agent } from '../model/agent.ts';
import type { Task } from '../model/task.ts';
import { canDo } from './chooseAgent.ts';

/** Of what a task waits for, so many are named, each by so much of its title. */
const NAMED = 3;
const TITLE_CHARS = 60;

/** What has to be completed before a task. */
export type OpenDependency = Pick<Task, 'id' | 'state' | 'title'>;

/**
 * Why nobody works on a task, in words; undefined for one that is worked on or has ended.
 * @param agents of its namespace
 * @param now ms, by the store's clock
 */
export function waitingReason(
  task: Task,
  agents: readonly Agent[],
  waitsFor: readonly OpenDependency[],
  now: number,
): string | undefined {
  switch (task.state) {
    case 'blocked':
      return named(waitsFor);
    case 'input_required':
      return `waits for an answer: ${task.question}`;
    case 'retry_wait':
      return `is tried again in ${duration((task.dueAt ?? now) - now)}: ${task.reason}`;
    case 'ready':
      if (task.offeredTo !== null && (task.offerUntil ?? 0) > now)
        return `is offered to ${task.offeredTo} for ${duration(task.offerUntil! - now)}`;
      return noAgent(task, agents);
    case 'leased':
      // Nobody has noticed yet: the next claim does.
      return (task.leaseUntil ?? now) < now
        ? `its lease ended ${duration(now - task.leaseUntil!)} ago`
        : undefined;
    default:
      return undefined;
  }
}

function named(open: readonly OpenDependency[]): string {
  // The last one was completed while this was read.
  if (open.length === 0) return 'is ready in a moment';
  const first = open
    .slice(0, NAMED)
    .map(({ id, state, title }) => `“${oneLine(title, TITLE_CHARS)}” (${id}, ${state})`);
  const rest = open.length - first.length;
  return `waits for ${[...first, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`;
}

function noAgent({ capabilities }: Task, agents: readonly Agent[]): string {
  const live = agents.filter(({ presence }) => presence !== 'offline');
  if (live.length === 0) return 'no agent is there';
  if (live.some(agent => canDo(agent, capabilities))) return 'no agent has asked for it yet';
  const missing = capabilities.find(one => !live.some(agent => agent.capabilities.includes(one)));
  return missing === undefined
    ? `no single agent has the capabilities ${capabilities.join(', ')}`
    : `no agent with capability ${missing}`;
}

/** @param ms may be over */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

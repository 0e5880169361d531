import type { Agent } from '../model/agent.ts';

/**
 * How an agent is, for who reads it: what it says of itself. Most say nothing and so stay `idle`, also while they work: one that holds
 * a task, or names what it works on, is `busy` then.
 *
 * @param held tasks that it holds
 */
export function statusOf(
  { currentTask, status }: Pick<Agent, 'currentTask' | 'status'>,
  held: number,
): string {
  return status === 'idle' && (held > 0 || currentTask !== null) ? 'busy' : status;
}

import type { NewTask } from '../model/task.ts';
import type { Identity } from '../ports/identity.ts';
import type { Offer } from '../ports/taskStore.ts';
import type { Work } from '../ports/work.ts';
import { chooseAgent } from './chooseAgent.ts';

/** How long a task is kept for the agent that it suits best, and for one that was asked for by name, milliseconds. */
const OFFER_MS = 5_000;
export const PREFERRED_OFFER_MS = 30_000;

/** To whom a new task is offered first; undefined where nobody is there. */
export async function offerOf(task: NewTask, work: Work, identity: Identity): Promise<Offer | undefined> {
  const [agents, loads] = await Promise.all([
    work.agents.list([task.namespace]),
    work.tasks.loads(task.namespace),
  ]);
  const tie = (agent: string) => Number.parseInt(identity.sha256(`${task.id}\n${agent}`).slice(0, 8), 16);
  const chosen = chooseAgent(agents, { ...task, submitter: task.submittedBy }, loads, tie);
  if (!chosen) return undefined;
  return { agent: chosen.id, ms: chosen.id === task.preferredAgent ? PREFERRED_OFFER_MS : OFFER_MS };
}

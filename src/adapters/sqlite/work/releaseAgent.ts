import type { Offer } from '../../../engine/ports/taskStore.ts';
import type { TaskRecord } from '../../../engine/tasks/taskRecord.ts';
import { lose, open, release, type Step } from '../../../engine/tasks/transitions.ts';
import type { Database } from '../database.ts';
import { toRecord } from './taskRow.ts';
import type { TaskTable } from './taskTable.ts';

interface Departing {
  readonly namespace: string;
  readonly agent: string;
  readonly lost: boolean;
  readonly offer: Offer | undefined;
}

/** What `TaskStore.releaseAll` says, within a transaction. @returns how many it held */
export function releaseAgent(
  database: Database,
  table: TaskTable,
  { namespace, agent, lost, offer }: Departing,
  now: number,
): number {
  const rows = (column: string, index: string) =>
    database
      .all(`SELECT * FROM tasks INDEXED BY ${index} WHERE namespace = ? AND ${column} = ?`, namespace, agent)
      .map(toRecord);
  const held = rows('holder', 'tasks_held');
  for (const task of held) {
    const isLost = lost || task.leaseUntil! <= now;
    table.take(task, isLost ? lose(task, now) : takeOver(task, offer, now), now);
  }
  for (const task of rows('offered_to', 'tasks_offered')) table.take(task, open(), now);
  for (const task of rows('next_agent', 'tasks_next'))
    table.set(task, { nextAgent: null, nextOfferMs: null });
  return held.length;
}

/** Whoever takes the work over released it, not its holder. */
function takeOver(task: TaskRecord, offer: Offer | undefined, now: number): Step {
  if (!offer) return release(task, {}, now);
  return { ...release(task, { offer }, now), by: offer.agent };
}

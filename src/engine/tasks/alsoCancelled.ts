import type { Task } from '../model/task.ts';
import { dependencyCancelled } from './reasons.ts';
import type { Tasks } from './tasks.ts';

/** So many cancelled tasks are looked at at a time. */
const PAGE = 200;

/** Ids of the tasks that a cancelled one took along: those that waited for it, and for these in turn, nearest first. */
export async function alsoCancelled(
  { finishedAt, id, namespace }: Task,
  tasks: Pick<Tasks, 'list'>,
): Promise<readonly string[]> {
  const byReason = new Map<string, string[]>();
  const filter = { namespaces: [namespace], states: ['cancelled'] } as const;
  for (let offset = 0; ; offset += PAGE) {
    const page = await tasks.list(filter, { limit: PAGE, offset });
    for (const { task: one } of page.tasks) {
      if (one.finishedAt !== finishedAt || one.reason === null) continue;
      byReason.set(one.reason, [...(byReason.get(one.reason) ?? []), one.id]);
    }
    if (page.tasks.length < PAGE) break;
  }
  const taken = new Set([id]);
  for (const one of taken)
    for (const dependent of byReason.get(dependencyCancelled(one))?.sort() ?? []) taken.add(dependent);
  taken.delete(id);
  return [...taken];
}

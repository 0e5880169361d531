import type { ClaimedTask } from '../model/task.ts';
import type { TaskStore } from '../ports/taskStore.ts';

/** Whoever asked for them is gone, and would never learn of them. @returns what is held then: none */
export async function giveBack(
  claimed: readonly ClaimedTask[],
  store: TaskStore,
): Promise<readonly ClaimedTask[]> {
  for (const { task, leaseId } of claimed) {
    const { namespace, id, fence } = task;
    await store.release({ namespace, id, fence, leaseId });
  }
  return [];
}

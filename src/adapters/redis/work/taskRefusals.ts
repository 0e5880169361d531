import type { LeaseProof, TaskKey } from '../../../engine/model/task.ts';
import {
  checkAllowed,
  checkLease,
  dependsOnCancelled,
  idTaken,
  neverReady,
  notFound,
} from '../../../engine/tasks/checkTask.ts';
import type { TaskEvent } from '../../../engine/tasks/taskMachine.ts';
import { toLeased } from './taskFields.ts';

/** What a script answers: the task as it is, names and values in turn, and the time, ms; or the id of a task that it depends on. */
export type Reply =
  | readonly [
      code: 'ok' | 'created' | 'known' | 'conflict' | 'stale_lease' | 'cancelled',
      flat: readonly string[],
      now: number,
    ]
  | readonly [code: 'taken']
  | readonly [code: 'not_found', dependency?: string]
  | readonly [code: 'never', dependency: string];

/** Why a script changed nothing, in the words of the engine. @param key of the task that was to be changed, with the lease that was shown */
export function refusalOf(reply: Reply, key: TaskKey | LeaseProof, event: TaskEvent | 'submit'): Error {
  const { namespace, id } = key;
  switch (reply[0]) {
    case 'not_found':
      return notFound({ namespace, id: reply[1] ?? id });
    case 'taken':
      return idTaken(key);
    case 'never':
      return neverReady(id, reply[1]);
    case 'cancelled':
      return dependsOnCancelled(toLeased(reply[1]));
    default:
      return thrownBy(() => {
        const task = toLeased(reply[1]);
        if ('leaseId' in key) checkLease(task, key, reply[2]);
        else checkAllowed(event as TaskEvent, task);
        throw new Error(`${event} was refused for task ${id}, which is ${task.state}.`);
      });
  }
}

function thrownBy(check: () => never): Error {
  try {
    return check();
  } catch (error) {
    return error as Error;
  }
}

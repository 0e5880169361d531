import type { TaskState } from '../model/task.ts';

/** `holder`: whoever shows the lease of the last claim; `anyone` of the namespace; `store`: time, or another task. */
export type Actor = 'holder' | 'anyone' | 'store';

export interface Transition {
  readonly from: readonly TaskState[];
  /** Where it can lead; which of them, the docstring of the event says. */
  readonly to: readonly TaskState[];
  readonly by: Actor;
}

/**
 * The state machine of tasks: what may happen in which state. Both stores take their decisions from this table, the Lua scripts too
 * (adapters/redis/work/taskRules.ts renders it), and docs/tasks.md draws it. `completed` and `cancelled` are final.
 */
export const TASK_MACHINE = {
  /** Its last open dependency was completed. */
  unblock: { from: ['blocked'], to: ['ready'], by: 'store' },
  /** Raises the fence, draws a lease id. */
  claim: { from: ['ready'], to: ['leased'], by: 'anyone' },
  /** The lease is renewed, progress noted. */
  renew: { from: ['leased'], to: ['leased'], by: 'holder' },
  /** The lease ends until somebody answers. */
  ask: { from: ['leased'], to: ['input_required'], by: 'holder' },
  /** Offered first to the agent that asked. */
  answer: { from: ['input_required'], to: ['ready'], by: 'anyone' },
  complete: { from: ['leased'], to: ['completed'], by: 'holder' },
  /** Dead when it is not retryable or no retry is left. */
  fail: { from: ['leased'], to: ['retry_wait', 'dead'], by: 'holder' },
  /** The holder gives it back undone, or its agent leaves in order; counts as nothing. */
  release: { from: ['leased'], to: ['ready'], by: 'holder' },
  /** The lease ran out, or its agent died: a loss. Dead when that was the last one allowed. */
  lose: { from: ['leased'], to: ['ready', 'dead'], by: 'store' },
  /** The pause before a retry is over. */
  due: { from: ['retry_wait'], to: ['ready'], by: 'store' },
  /** The offer is over, or its agent left: everybody may claim it. */
  open: { from: ['ready'], to: ['ready'], by: 'store' },
  /** Somebody says who does it next: one agent, or whoever comes first. A pause before a retry is over with that. */
  assign: { from: ['ready', 'retry_wait'], to: ['ready'], by: 'anyone' },
  /** The deadline is over. A live lease may still complete it. */
  overdue: { from: ['blocked', 'ready', 'input_required', 'retry_wait'], to: ['dead'], by: 'store' },
  /** Dependents that are blocked are cancelled with it, since they could never run. */
  cancel: {
    from: ['blocked', 'ready', 'leased', 'input_required', 'retry_wait', 'dead'],
    to: ['cancelled'],
    by: 'anyone',
  },
  /** A dead letter is tried again, with all its retries, without its deadline. */
  requeue: { from: ['dead'], to: ['blocked', 'ready'], by: 'anyone' },
} as const satisfies Readonly<Record<string, Transition>>;

export type TaskEvent = keyof typeof TASK_MACHINE;

/** Whether that may happen to a task in this state. */
export function allows(event: TaskEvent, state: TaskState): boolean {
  return (TASK_MACHINE[event].from as readonly TaskState[]).includes(state);
}

/** States that nothing leads out of but `requeue`; such tasks can be purged. */
export const ENDED: readonly TaskState[] = ['completed', 'dead', 'cancelled'];

import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { LeaseProof, TaskKey } from '../model/task.ts';

/** Which task is meant, as a caller names it. */
export interface NamedTask {
  readonly id: string;
  /** Default: the caller's. */
  readonly namespace?: string | undefined;
}

/** Which task a holder means; fence and lease id are known here for what this process has claimed. */
export interface HeldTask extends NamedTask {
  readonly agent?: string | undefined;
  readonly fence?: number | undefined;
  readonly leaseId?: string | undefined;
}

export interface ClaimOptions {
  readonly namespace?: string | undefined;
  readonly agent?: string | undefined;
  /** 1..100 */
  readonly limit: number;
  readonly leaseMs?: number | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Capabilities that count as the agent's, too: whoever takes over what another could do was told to. */
  readonly alsoCan?: readonly string[] | undefined;
  /** Waits so long for a task where there is none, milliseconds. */
  readonly waitMs?: number | undefined;
  /** Fires when it is to wait no more, though what it has by then is wanted. */
  readonly patience?: AbortSignal | undefined;
}

export function keyOf({ id, namespace }: NamedTask, caller: Caller): TaskKey {
  return { id, namespace: writeNamespace(namespace, caller) };
}

/** What the holder shows: what it says itself, else what this process has kept for it. */
export function proofOf(
  { fence, leaseId }: HeldTask,
  key: TaskKey,
  kept: LeaseProof | undefined,
): LeaseProof {
  if (leaseId !== undefined && fence !== undefined) return { ...key, fence, leaseId };
  if (!kept) {
    throw new MemoryError(
      'stale_lease',
      `This session does not hold the task "${key.id}".`,
      'Claim it with get_pending_tasks and claim: true, or give the fence and lease_id that the claim returned.',
    );
  }
  return { ...kept, ...(fence !== undefined && { fence }), ...(leaseId !== undefined && { leaseId }) };
}

import { MemoryError } from '../errors.ts';
import type { AgentKey } from '../model/agent.ts';
import type { ClaimedTask, LeaseProof, TaskKey } from '../model/task.ts';
import type { Logger } from '../ports/logger.ts';
import type { TaskStore } from '../ports/taskStore.ts';

interface KeptLease {
  readonly proof: LeaseProof;
  readonly agent: string;
  /** The session that claimed it: no other of this process shows its proof. */
  readonly session: string;
  readonly leaseMs: number;
  /** When it is renewed next, by this process's monotonic clock. */
  renewAt: number;
}

const MOST_ENDED = 200;

/**
 * Holds the leases of this process and renews each at a third of its time, so that no model has to. A process that dies or hangs
 * renews nothing, and its tasks go to others.
 */
export class LeaseKeeper implements Disposable {
  readonly #tasks: TaskStore;
  readonly #logger: Logger;
  readonly #leases = new Map<string, KeptLease>();
  /** Those that their holders ended last. */
  readonly #ended = new Map<string, KeptLease>();
  /** Leases that were lost, and why: whoever held one is told so at the next heartbeat. */
  readonly #lost = new Map<
    string,
    { readonly agent: string; readonly key: TaskKey; readonly reason: string }
  >();
  #timer: NodeJS.Timeout | number | undefined;
  #renewing = false;
  #disposed = false;

  constructor(tasks: TaskStore, logger: Logger) {
    this.#tasks = tasks;
    this.#logger = logger;
  }

  /** @param session of this process that claimed it for the agent */
  keep({ task, leaseId }: ClaimedTask, agent: string, session: string, leaseMs: number): void {
    const { namespace, id, fence } = task;
    const proof = { namespace, id, fence, leaseId };
    this.#lost.delete(keyOf(task));
    this.#ended.delete(keyOf(task));
    const renewAt = performance.now() + leaseMs / 3;
    this.#leases.set(keyOf(task), { proof, agent, session, leaseMs, renewAt });
    this.#schedule();
  }

  /** What a session shows as the holder of a task, also after it ended it; undefined where it did not claim it last. */
  proofOf(key: TaskKey, agent: string, session: string): LeaseProof | undefined {
    const kept = this.#leases.get(keyOf(key)) ?? this.#ended.get(keyOf(key));
    return kept?.agent === agent && kept.session === session ? kept.proof : undefined;
  }

  /** What a session holds for an agent now. */
  heldBy({ namespace, id }: AgentKey, session: string): readonly LeaseProof[] {
    return [...this.#leases.values()]
      .filter(one => one.agent === id && one.proof.namespace === namespace && one.session === session)
      .map(({ proof }) => proof);
  }

  /** Its holder ended it. Whoever got no answer asks again, and shows the same. */
  end(key: TaskKey): void {
    const kept = this.#leases.get(keyOf(key));
    if (!kept) return;
    this.#leases.delete(keyOf(key));
    this.#ended.set(keyOf(key), kept);
    if (this.#ended.size > MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!);
  }

  /** It is not held any more. */
  drop(key: TaskKey): void {
    this.#leases.delete(keyOf(key));
  }

  dropAgent({ namespace, id }: AgentKey): void {
    for (const [key, { agent, proof }] of this.#leases)
      if (agent === id && proof.namespace === namespace) this.#leases.delete(key);
  }

  /** What this agent lost since it was last asked. */
  takeLost({ namespace, id }: AgentKey): readonly { readonly id: string; readonly reason: string }[] {
    const lost = [...this.#lost].filter(([, one]) => one.agent === id && one.key.namespace === namespace);
    for (const [key] of lost) this.#lost.delete(key);
    return lost.map(([, { key, reason }]) => ({ id: key.id, reason }));
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    this.#leases.clear();
  }

  #schedule(): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    if (this.#disposed || this.#renewing || this.#leases.size === 0) return;
    const next = Math.min(...[...this.#leases.values()].map(lease => lease.renewAt));
    this.#timer = setTimeout(() => void this.#renew(), Math.max(0, next - performance.now()));
    (this.#timer as NodeJS.Timeout).unref?.();
  }

  async #renew(): Promise<void> {
    this.#renewing = true;
    const now = performance.now();
    const due = [...this.#leases].filter(([, lease]) => lease.renewAt <= now);
    try {
      const outcomes = await this.#tasks.renewAll(
        due.map(([, { proof, leaseMs }]) => ({ lease: proof, leaseMs })),
      );
      for (const [i, [key, lease]] of due.entries()) this.#settle(key, lease, outcomes[i]);
    } catch (error) {
      this.#logger.warn('leases could not be renewed; trying again', { reason: (error as Error).message });
      for (const [, lease] of due) lease.renewAt = now + lease.leaseMs / 10;
    } finally {
      this.#renewing = false;
      this.#schedule();
    }
  }

  #settle(key: string, lease: KeptLease, outcome: unknown): void {
    if (!(outcome instanceof Error)) lease.renewAt = performance.now() + lease.leaseMs / 3;
    else if (MemoryError.is(outcome, 'unavailable')) lease.renewAt = performance.now() + lease.leaseMs / 10;
    // Claimed again meanwhile, the entry is another lease's.
    else if (this.#leases.get(key) === lease) {
      this.#leases.delete(key);
      const { namespace, id } = lease.proof;
      this.#lost.set(key, { agent: lease.agent, key: { namespace, id }, reason: outcome.message });
      this.#logger.info('a lease was lost', { task: id, reason: outcome.message });
    }
  }
}

function keyOf({ namespace, id }: TaskKey): string {
  return `${namespace}\n${id}`;
}

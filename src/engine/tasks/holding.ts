import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import type { LeaseProof, Task } from '../model/task.ts';
import type { LeaseKeeper } from './leaseKeeper.ts';
import { type HeldTask, keyOf, proofOf } from './taskRequests.ts';

/** What is done as the holder of a task: with the proof that the caller shows, or that this process keeps for its session. */
export class Holding {
  readonly #agents: Agents;
  readonly #keeper: LeaseKeeper;

  constructor(agents: Agents, keeper: LeaseKeeper) {
    this.#agents = agents;
    this.#keeper = keeper;
  }

  /** Rejects with `stale_lease` where neither is there. What the store refuses as stale is kept no more. */
  async act(held: HeldTask, caller: Caller, act: (lease: LeaseProof) => Promise<Task>): Promise<Task> {
    const key = keyOf(held, caller);
    const agent = await this.#agents.acting(held.agent, key.namespace, caller);
    const kept = this.#keeper.proofOf(key, agent.id, caller.instance);
    const proof = proofOf(held, key, kept);
    try {
      return await act(proof);
    } catch (error) {
      const isKept = proof.leaseId === kept?.leaseId && proof.fence === kept.fence;
      if (isKept && MemoryError.is(error, 'stale_lease')) this.#keeper.drop(key);
      throw error;
    }
  }

  /** As `act`; the lease ends by it. */
  async end(held: HeldTask, caller: Caller, end: (lease: LeaseProof) => Promise<Task>): Promise<Task> {
    return this.act(held, caller, async lease => {
      const task = await end(lease);
      this.#keeper.end(lease);
      return task;
    });
  }
}

import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { MaskTexts } from '../memories/maskTexts.ts';
import type { Agent } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';
import { checkLeaseMs } from '../model/leaseTime.ts';
import type { Metadata } from '../model/memory.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { Span } from '../model/span.ts';
import type { ClaimedTask, Task, TaskTransition } from '../model/task.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { PurgeFilter, TaskCounts, TaskFilter, TaskLoad, TaskTrend } from '../ports/taskStore.ts';
import type { Work } from '../ports/work.ts';
import { assignTask } from './assignTask.ts';
import { checkSaid } from './checkSaid.ts';
import { notFound } from './checkTask.ts';
import { giveBack } from './giveBack.ts';
import { Holding } from './holding.ts';
import type { LeaseKeeper } from './leaseKeeper.ts';
import { checkPauseMs, newTask, type TaskDraft } from './newTask.ts';
import { offerOf, PREFERRED_OFFER_MS } from './offerOf.ts';
import { type ShownTask, showTasks } from './showTasks.ts';
import { type ClaimOptions, type HeldTask, keyOf, type NamedTask } from './taskRequests.ts';
import type { TaskWaiter } from './taskWaiter.ts';

const NONE: TaskLoad = { held: 0, offered: 0 };

export interface TasksOptions {
  readonly work: Work;
  readonly agents: Agents;
  readonly keeper: LeaseKeeper;
  readonly waiter: TaskWaiter;
  readonly identity: Identity;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly mask: MaskTexts;
}

/**
 * Work for agents: at least once, at most one live lease, one accepted completion. What may happen when, engine/tasks/taskMachine.ts says.
 * @see docs/tasks.md
 */
export class Tasks {
  readonly #options: TasksOptions;
  readonly #holding: Holding;

  constructor(options: TasksOptions) {
    this.#options = options;
    this.#holding = new Holding(options.agents, options.keeper);
  }

  /**
   * Submits it, and offers it first to the agent that it suits best. Rejects with `invalid_input` or `too_large` for a draft that cannot be
   * kept, and as `TaskStore.submit` does.
   */
  async submit(
    draft: TaskDraft & { readonly namespace?: string | undefined },
    caller: Caller,
  ): Promise<ShownTask & { readonly created: boolean }> {
    const { agents, clock, identity, mask, work } = this.#options;
    const namespace = writeNamespace(draft.namespace, caller);
    const submitter = await agents.acting(undefined, namespace, caller);
    const { title, description = '', payload = {} } = draft;
    const texts = await mask({ title, description, payload });
    const task = newTask(
      { ...draft, ...texts },
      {
        id: draft.id ?? identity.newId(),
        namespace,
        owner: caller.principal.id,
        submittedBy: submitter.id,
      },
      clock.now(),
    );
    const offer = await offerOf(task, work, identity);
    const submitted = await work.tasks.submit(task, offer);
    return { created: submitted.created, ...(await this.#show([submitted.task]))[0]! };
  }

  /** The next tasks for an agent, leased to it and, where it lasts, renewed for it. */
  async claim(options: ClaimOptions, caller: Caller, signal?: AbortSignal): Promise<readonly ClaimedTask[]> {
    const { agents, identity, keeper, waiter, work } = this.#options;
    const namespace = writeNamespace(options.namespace, caller);
    const agent = await agents.acting(options.agent, namespace, caller);
    const { leaseMs, patience, waitMs = 0 } = options;
    if (leaseMs !== undefined) checkLeaseMs(leaseMs);
    // Only who waits: such signals are remembered by what they are made of.
    const endOfWait =
      waitMs > 0 && patience ? AbortSignal.any([patience, ...(signal ? [signal] : [])]) : signal;
    const request = () => ({
      namespaces: [namespace],
      agent: agent.id,
      capabilities: [...agent.capabilities, ...(options.alsoCan ?? [])],
      leaseIds: Array.from({ length: options.limit }, identity.newId),
      ...(leaseMs !== undefined && { leaseMs }),
      ...(options.ids !== undefined && { ids: options.ids }),
    });
    const claimed = await waiter.until(
      () => work.tasks.claim(request()),
      tasks => tasks.length > 0,
      namespace,
      waitMs,
      endOfWait,
    );
    if (signal?.aborted) return giveBack(claimed, work.tasks);
    if (caller.lasting)
      for (const one of claimed) keeper.keep(one, agent.id, caller.instance, leaseMs ?? one.task.leaseMs);
    return claimed;
  }

  /** Renews the lease and notes how far it is. */
  async progress(
    held: HeldTask,
    said: {
      readonly progress?: number | undefined;
      readonly note?: string | undefined;
      readonly leaseMs?: number | undefined;
    },
    caller: Caller,
  ): Promise<Task> {
    const { progress, leaseMs } = said;
    if (leaseMs !== undefined) checkLeaseMs(leaseMs);
    checkSaid('The note', said.note ?? '');
    const note = said.note === undefined ? undefined : (await this.#options.mask({ note: said.note })).note;
    return this.#holding.act(held, caller, lease =>
      this.#options.work.tasks.renew({
        lease,
        ...(progress !== undefined && { progress }),
        ...(note !== undefined && { note }),
        ...(leaseMs !== undefined && { leaseMs }),
      }),
    );
  }

  /** The holder needs an answer first; its lease ends. */
  async ask(held: HeldTask, question: string, caller: Caller): Promise<Task> {
    checkSaid('The question', question);
    const masked = await this.#options.mask({ question });
    return this.#holding.end(held, caller, lease => this.#options.work.tasks.ask(lease, masked.question));
  }

  /** Ready again, offered first to the agent that asked. */
  async answer(key: NamedTask, answer: string, caller: Caller): Promise<Task> {
    checkSaid('The answer', answer);
    const masked = await this.#options.mask({ answer });
    return this.#options.work.tasks.answer(keyOf(key, caller), masked.answer, caller.principal.id);
  }

  async complete(held: HeldTask, result: Metadata, metrics: Metadata, caller: Caller): Promise<Task> {
    checkSaid('The result', result);
    checkSaid('The metrics', metrics);
    const masked = await this.#options.mask({ result, metrics });
    return this.#holding.end(held, caller, lease =>
      this.#options.work.tasks.complete(lease, masked.result, masked.metrics),
    );
  }

  async fail(
    held: HeldTask,
    failure: {
      readonly reason: string;
      readonly retryable: boolean;
      readonly retryAfterMs?: number | undefined;
    },
    caller: Caller,
  ): Promise<Task> {
    checkSaid('The reason', failure.reason);
    const { reason } = await this.#options.mask({ reason: failure.reason });
    const { retryable, retryAfterMs } = failure;
    if (retryAfterMs !== undefined) checkPauseMs(retryAfterMs);
    return this.#holding.end(held, caller, lease =>
      this.#options.work.tasks.fail(lease, {
        reason,
        retryable,
        jitter: this.#options.random(),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      }),
    );
  }

  /** Gives it back undone. @param to the agent that it is offered to first */
  async release(
    held: HeldTask,
    note: string | undefined,
    to: string | undefined,
    caller: Caller,
  ): Promise<Task> {
    checkSaid('The note', note ?? '');
    const masked = await this.#options.mask({ note: note ?? '' });
    return this.#holding.end(held, caller, lease =>
      this.#options.work.tasks.release(lease, {
        ...(note !== undefined && masked),
        ...(to !== undefined && { offer: { agent: to, ms: PREFERRED_OFFER_MS } }),
      }),
    );
  }

  /**
   * What a session holds for an agent is given back undone, and offered to another first; but for what it has lost meanwhile.
   * @returns how many tasks
   */
  async releaseTo(
    agent: Agent,
    to: string | undefined,
    note: string | undefined,
    caller: Caller,
  ): Promise<number> {
    let released = 0;
    for (const lease of this.#options.keeper.heldBy(agent, caller.instance)) {
      try {
        await this.release({ ...lease, agent: agent.id }, note, to, caller);
        released++;
      } catch (error) {
        if (!MemoryError.is(error, 'stale_lease')) throw error;
      }
    }
    return released;
  }

  async cancel(key: NamedTask, reason: string, caller: Caller): Promise<Task> {
    checkSaid('The reason', reason);
    const masked = await this.#options.mask({ reason });
    return this.#options.work.tasks.cancel(keyOf(key, caller), masked.reason, caller.principal.id);
  }

  /** A dead letter is tried again. */
  async requeue(key: NamedTask, caller: Caller): Promise<Task> {
    return this.#options.work.tasks.requeue(keyOf(key, caller), caller.principal.id);
  }

  /** See `assignTask`. @param to agent; undefined: whoever comes first */
  async assign(key: NamedTask, to: string | undefined, caller: Caller): Promise<Task> {
    return assignTask(this.#options, keyOf(key, caller), to, caller.principal.id);
  }

  async get(key: NamedTask, caller: Caller): Promise<ShownTask> {
    const meant = keyOf(key, caller);
    const found = await this.#options.work.tasks.get(meant);
    if (found) return (await this.#show([found]))[0]!;
    throw notFound(meant);
  }

  async history(key: NamedTask, caller: Caller): Promise<readonly TaskTransition[]> {
    return this.#options.work.tasks.history(keyOf(key, caller));
  }

  /** Newest first, each with why it waits. */
  async list(
    filter: TaskFilter,
    span: Span,
  ): Promise<{ readonly tasks: readonly ShownTask[]; readonly total: number }> {
    const { tasks, total } = await this.#options.work.tasks.list(filter, span);
    return { tasks: await this.#show(tasks), total };
  }

  /** What a claim would give the agent now, the first in that order, and how many there are. */
  async claimable(
    { namespace, id, capabilities }: Agent,
    limit: number,
  ): Promise<{ readonly tasks: readonly ShownTask[]; readonly total: number }> {
    const request = { namespaces: [namespace], agent: id, capabilities };
    const { tasks, total } = await this.#options.work.tasks.claimable(request, limit);
    return { tasks: await this.#show(tasks), total };
  }

  async counts(namespaces: readonly string[] | undefined): Promise<TaskCounts> {
    return this.#options.work.tasks.counts(namespaces);
  }

  /** @param hours 1..168 */
  async trend(namespaces: readonly string[] | undefined, hours: number): Promise<TaskTrend> {
    return this.#options.work.tasks.trend(namespaces, hours);
  }

  /** How many tasks each of these agents has, in their order. */
  async loadsOf(agents: readonly Agent[]): Promise<readonly TaskLoad[]> {
    const { tasks } = this.#options.work;
    const namespaces = [...new Set(agents.map(({ namespace }) => namespace))];
    const loads = await Promise.all(namespaces.map(async one => [one, await tasks.loads(one)] as const));
    const of = new Map(loads);
    return agents.map(({ id, namespace }) => of.get(namespace)?.get(id) ?? NONE);
  }

  /** Removes ended tasks for good. @returns how many */
  async purge(filter: PurgeFilter, before: number): Promise<number> {
    return this.#options.work.tasks.purge(filter, before, 10_000);
  }

  /** What an agent lost since it last asked: leases that ran out, tasks that were cancelled. */
  takeLost(agent: Agent): readonly { readonly id: string; readonly reason: string }[] {
    return this.#options.keeper.takeLost(agent);
  }

  #show(tasks: readonly Task[]): Promise<readonly ShownTask[]> {
    const { clock, work } = this.#options;
    return showTasks(tasks, work, clock.now());
  }
}

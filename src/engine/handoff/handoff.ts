import type { Agents } from '../agents/agents.ts';
import { clientLabel } from '../agents/clientLabel.ts';
import type { FileClaims } from '../agents/fileClaims.ts';
import type { Contexts, ReceivedContext } from '../contexts/contexts.ts';
import { resolveReceivers } from '../contexts/receivers.ts';
import { MemoryError } from '../errors.ts';
import { cut, oneLine } from '../foreignText.ts';
import type { MaskTexts } from '../memories/maskTexts.ts';
import type { Agent } from '../model/agent.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import type { Receiver, SharedContext } from '../model/context.ts';
import type { Memory } from '../model/memory.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { ClaimedTask, Task } from '../model/task.ts';
import type { FileClaim } from '../ports/fileClaimStore.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import type { Work } from '../ports/work.ts';
import { checkSaid } from '../tasks/checkSaid.ts';
import { PREFERRED_OFFER_MS } from '../tasks/offerOf.ts';
import type { Tasks } from '../tasks/tasks.ts';

const NOTES = 12;
const MOST_LEFT = 20;
const TOPIC = 'handoff';
/** Of a note so much stands in the histories of the tasks. */
const NOTE_CHARS = 1000;

/** What the next agent needs to go on with another's work. */
export interface Handoff {
  /** Whose work it is; undefined where nobody else has worked here. */
  readonly agent: Agent | undefined;
  /** What it was doing; what was taken over comes with a lease. */
  readonly tasks: readonly Task[];
  readonly taken: readonly ClaimedTask[];
  /** Ids of what was to be taken over, and somebody else was faster. */
  readonly missed: readonly string[];
  readonly files: readonly FileClaim[];
  /** What it left for this caller. */
  readonly contexts: readonly ReceivedContext[];
  /** What it stored last, newest first. */
  readonly memories: readonly Memory[];
}

export interface HandoffOptions {
  readonly work: Work;
  readonly agents: Agents;
  readonly tasks: Tasks;
  readonly files: FileClaims;
  readonly contexts: Contexts;
  readonly memories: MemoryStore;
  readonly mask: MaskTexts;
}

/** "Continue what the other one was doing": one agent leaves, the next goes on. */
export class Handoffs {
  readonly #options: HandoffOptions;

  constructor(options: HandoffOptions) {
    this.#options = options;
  }

  /**
   * What another agent was doing, for the one that goes on.
   * @param from its id, or a client's name; default: whoever else was there last
   * @param take its tasks are claimed by the caller: where it belongs to the same user, or is not online any more. Rejects with `forbidden` else
   */
  async receive(
    from: string | undefined,
    take: boolean,
    asked: string | undefined,
    caller: Caller,
  ): Promise<Handoff> {
    const { agents, contexts, files } = this.#options;
    const namespace = writeNamespace(asked, caller);
    const self = await agents.acting(undefined, namespace, caller);
    const agent = pick(await agents.list([namespace]), from, self);
    if (!agent && from !== undefined && !(await this.#left(from, namespace, caller)).length)
      throw unknown(from, namespace);
    const held = agent ? await this.#heldBy(agent) : [];
    // Looked for first: who takes its work over frees its files.
    const claims = agent ? (await files.list([namespace])).filter(claim => claim.agent === agent.id) : [];
    const received = await contexts.received({ namespace, limit: 20 }, caller);
    const forCaller = received.filter(({ context }) => !agent || context.owner === agent.owner);
    const left = await this.#tasksLeft(forCaller, namespace);
    const taken: ClaimedTask[] = agent && take ? await this.#take(agent, held, caller) : [];
    if (take) taken.push(...(await this.#claim(namespace, left, agent, caller)));
    const isTaken = (id: string) => taken.some(({ task }) => task.id === id);
    const wanted = [...held, ...left];
    const missed = take ? wanted.filter(({ id, state }) => state !== 'input_required' && !isTaken(id)) : [];
    return {
      agent,
      tasks: wanted,
      taken,
      missed: missed.map(({ id }) => id),
      files: claims,
      contexts: forCaller,
      memories: await this.#left(agent?.client ?? from, namespace, caller),
    };
  }

  /**
   * Leaves the caller's work to another: its tasks are offered there first, its files are free, and the note with all of it is shared.
   * What was broken off goes on when it is called again, without sharing it twice.
   * @param to an agent's id, or a client's name
   */
  async give(to: string, note: string, asked: string | undefined, caller: Caller): Promise<SharedContext> {
    const { agents, contexts, files, mask, tasks, work } = this.#options;
    const namespace = writeNamespace(asked, caller);
    const self = await agents.acting(undefined, namespace, caller);
    checkSaid('The note', note);
    const { content } = await mask({ content: note });
    const present = await agents.list([namespace]);
    const receiver = pick(present, to, self);
    const receivers = resolveReceivers([receiver?.id ?? to], present);
    const held = await this.#heldBy(self);
    const claims = (await files.list([namespace])).filter(claim => claim.agent === self.id);
    const shared =
      (await this.#leftBefore(self, receivers, content, held, caller)) ??
      (await contexts.share(
        {
          namespace,
          to: [receiver?.id ?? to],
          topic: TOPIC,
          content,
          files: claims
            .flatMap(claim => claim.globs)
            .slice(0, 100)
            .map(path => ({ path })),
          metadata: { tasks: held.map(({ id }) => id) },
          ...(held[0] && { taskId: held[0].id }),
        },
        caller,
      ));
    await tasks.releaseTo(self, receiver?.id, cut(content, NOTE_CHARS), caller);
    await work.files.releaseAll(namespace, self.id);
    return shared;
  }

  /** What the same handover shared before it was broken off: all of its tasks that are still held stand in it. */
  async #leftBefore(
    self: Agent,
    receivers: readonly Receiver[],
    content: string,
    held: readonly Task[],
    caller: Caller,
  ): Promise<SharedContext | undefined> {
    const found = await this.#options.work.contexts.list(
      { namespaces: [self.namespace], topic: TOPIC, withAgent: self.id },
      viewerOf(caller),
      { limit: 20, offset: 0 },
    );
    return found.find(one => {
      const { tasks } = one.metadata;
      return (
        one.from === self.id &&
        one.content === content &&
        one.acknowledged.length === 0 &&
        one.to.length === 1 &&
        nameOf(one.to[0]!) === nameOf(receivers[0]!) &&
        Array.isArray(tasks) &&
        held.every(({ id }) => tasks.includes(id))
      );
    });
  }

  async #heldBy({ id, namespace }: Agent): Promise<readonly Task[]> {
    const { tasks } = await this.#options.work.tasks.list(
      { namespaces: [namespace], agent: id, states: ['leased', 'input_required', 'ready'] },
      { limit: 20, offset: 0 },
    );
    return tasks;
  }

  /** Tasks that were left with a note and that nobody has taken up yet. */
  async #tasksLeft(received: readonly ReceivedContext[], namespace: string): Promise<readonly Task[]> {
    const ids = received.flatMap(({ context: { metadata, topic } }) => {
      const { tasks } = metadata;
      return topic === TOPIC && Array.isArray(tasks) ? tasks.filter(id => typeof id === 'string') : [];
    });
    const found = await Promise.all(
      [...new Set(ids)].slice(0, MOST_LEFT).map(id => this.#options.work.tasks.get({ namespace, id })),
    );
    return found.filter(task => task?.state === 'ready') as readonly Task[];
  }

  async #claim(
    namespace: string,
    ready: readonly Task[],
    agent: Agent | undefined,
    caller: Caller,
  ): Promise<readonly ClaimedTask[]> {
    const ids = ready.map(({ id }) => id);
    if (ids.length === 0) return [];
    const alsoCan = agent?.capabilities ?? [];
    return this.#options.tasks.claim({ namespace, limit: ids.length, ids, alsoCan }, caller);
  }

  async #take(agent: Agent, held: readonly Task[], caller: Caller): Promise<ClaimedTask[]> {
    const { agents, work } = this.#options;
    if (held.length === 0) return [];
    if (agent.presence === 'online' && userOf(agent.owner) !== userOf(caller.principal.id))
      throw new MemoryError(
        'forbidden',
        `${oneLine(agent.name)} is somebody else’s and at work.`,
        'Ask it to hand its work over, or wait until it is gone.',
      );
    const { id: taker } = await agents.acting(undefined, agent.namespace, caller);
    // Offered to the caller, so that nobody who waits for tasks comes between.
    await work.tasks.releaseAll(agent.namespace, agent.id, false, { agent: taker, ms: PREFERRED_OFFER_MS });
    await work.files.releaseAll(agent.namespace, agent.id);
    const ready = held.filter(({ state }) => state !== 'input_required');
    return [...(await this.#claim(agent.namespace, ready, agent, caller))];
  }

  /** What was stored last under a label, or by a client, whichever of its names is given. */
  async #left(label: string | undefined, namespace: string, caller: Caller): Promise<readonly Memory[]> {
    if (label === undefined) return [];
    const page = { limit: NOTES, offset: 0, order: 'updated' } as const;
    for (const agent of new Set([label, clientLabel(label)])) {
      const filter = { namespaces: [namespace], agent };
      const { memories } = await this.#options.memories.list(filter, page, viewerOf(caller));
      if (memories.length > 0) return memories;
    }
    return [];
  }
}

/** The agent of that id, else the one of that client that was there last; never the caller itself. */
function pick(agents: readonly Agent[], name: string | undefined, self: Agent): Agent | undefined {
  const others = agents
    .filter(agent => agent.id !== self.id)
    .filter(agent => name === undefined || agent.id === name || agent.client === clientLabel(name));
  return others.sort((a, b) => b.heartbeatAt - a.heartbeatAt || (a.id < b.id ? -1 : 1))[0];
}

function nameOf(receiver: Receiver): string {
  return receiver.kind === 'everyone' ? '*' : `${receiver.kind} ${receiver.id}`;
}

/** `user@host` of `user@host/client`. */
function userOf(principal: string): string {
  return principal.slice(0, principal.lastIndexOf('/'));
}

function unknown(name: string, namespace: string): MemoryError {
  return new MemoryError(
    'not_found',
    `Nobody called "${name}" has worked in ${namespace}.`,
    'Use list_agents to see who has, or leave from_agent out.',
  );
}

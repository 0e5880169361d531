import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { MaskTexts } from '../memories/maskTexts.ts';
import { type Caller, type Viewer, viewerOf } from '../model/caller.ts';
import type { Receiver, SharedContext } from '../model/context.ts';
import type { Memory } from '../model/memory.ts';
import { readNamespaces, writeNamespace } from '../model/namespace.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContextFilter } from '../ports/contextStore.ts';
import type { Identity } from '../ports/identity.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import type { Work } from '../ports/work.ts';
import { type ContextDraft, checkContext } from './checkContext.ts';
import { unknownContext } from './contextRefusals.ts';
import { receives } from './mayRead.ts';
import { resolveReceivers } from './receivers.ts';

/** Of an episode of work so many memories are shown, the newest. */
const EPISODE_MEMORIES = 50;
/** So many contexts are looked at at a time. */
const PAGE = 100;

export interface ContextsOptions {
  readonly work: Work;
  readonly agents: Agents;
  readonly memories: MemoryStore;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly mask: MaskTexts;
}

/** A context with the memories that it shares, as they are now. */
export interface ReceivedContext {
  /** It names the same memories, and to others than its sharer only whether they have read it. */
  readonly context: SharedContext;
  /** Without those that are gone, or that its sharer may not share any more. */
  readonly memories: readonly Memory[];
}

export interface ContextRequest {
  readonly namespace?: string | undefined;
  /** An agent of the caller: what is for another of its agents is left out. Default: whatever reaches the caller. */
  readonly agent?: string | undefined;
  /** What the caller shares, instead of what it receives. */
  readonly sent?: boolean | undefined;
  readonly withAgent?: string | undefined;
  readonly topic?: string | undefined;
  /** Only what this caller has not acknowledged. */
  readonly unread?: boolean | undefined;
  readonly limit: number;
}

/** What agents share with each other: memories, words, files, whole episodes of work. A right that is revoked is gone at the next read, everywhere. */
export class Contexts {
  readonly #options: ContextsOptions;

  constructor(options: ContextsOptions) {
    this.#options = options;
  }

  /**
   * Rejects with `forbidden` for a memory that is not the caller's to share, `not_found` for one that is not there and for an agent that
   * nobody knows.
   */
  async share(draft: ContextDraft, caller: Caller): Promise<SharedContext> {
    const { agents, clock, identity, mask, work } = this.#options;
    const namespace = writeNamespace(draft.namespace, caller);
    const from = await agents.acting(draft.from, namespace, caller);
    checkContext(draft, clock.now());
    await this.#checkMayShare(draft.memoryIds ?? [], caller);
    const to =
      draft.to.length > 0
        ? resolveReceivers(draft.to, await work.agents.list([namespace]))
        : await this.#partnersOf(draft, namespace, from.id, caller);
    const { topic = '', content = '', metadata = {} } = draft;
    const texts = await mask({
      topic,
      content,
      metadata,
      files: JSON.parse(JSON.stringify(draft.files ?? [])),
    });
    return work.contexts.share({
      ...{ id: identity.newId(), namespace, from: from.id, owner: caller.principal.id, to },
      ...{ topic: texts.topic, content: texts.content, metadata: texts.metadata },
      files: texts.files as SharedContext['files'],
      memoryIds: draft.memoryIds ?? [],
      session: draft.session ?? null,
      taskId: draft.taskId ?? null,
      permission: draft.permission ?? 'read',
      bidirectional: draft.bidirectional ?? false,
      replyTo: draft.replyTo ?? null,
      expiresAt: draft.expiresAt ?? null,
    });
  }

  /**
   * What others share with the caller, newest first; with its own where they are shared in both directions, unless only unread ones are
   * asked for. Rejects with `forbidden` for an agent of another principal.
   */
  async received(request: ContextRequest, caller: Caller): Promise<readonly ReceivedContext[]> {
    const { agents, work } = this.#options;
    const { agent } = request;
    if (agent !== undefined) await agents.known(agent, writeNamespace(request.namespace, caller), caller);
    const namespaces = readNamespaces(request.namespace, caller);
    const filter: ContextFilter = {
      ...(namespaces && { namespaces }),
      ...(request.withAgent !== undefined && { withAgent: request.withAgent }),
      ...(request.topic !== undefined && { topic: request.topic }),
      ...(request.unread && { unacknowledgedBy: caller.principal.id }),
    };
    const wanted = wantedBy(request, agent ?? agents.idOf(caller), viewerOf(caller));
    const contexts: SharedContext[] = [];
    for (let offset = 0; contexts.length < request.limit; offset += PAGE) {
      const page = await work.contexts.list(filter, viewerOf(caller), { limit: PAGE, offset });
      contexts.push(...page.filter(wanted));
      if (page.length < PAGE) break;
    }
    return Promise.all(
      contexts.slice(0, request.limit).map(async context => {
        const memories = await this.#memoriesOf(context, caller);
        // The id of one that may not be shared any more says that there is one.
        const memoryIds = context.memoryIds.filter(id => memories.some(memory => memory.id === id));
        // Who else has read it is told to its sharer.
        const acknowledged = context.acknowledged.filter(
          ({ by }) => by === caller.principal.id || context.owner === caller.principal.id,
        );
        return { context: { ...context, memoryIds, acknowledged }, memories };
      }),
    );
  }

  /** Its sharer takes it back. */
  async revoke(id: string, namespace: string | undefined, caller: Caller): Promise<void> {
    await this.#options.work.contexts.revoke(writeNamespace(namespace, caller), id, viewerOf(caller));
  }

  /** The caller has read them, wherever they are; those that it does not receive are left out. @returns how many were new */
  async acknowledge(ids: readonly string[], caller: Caller): Promise<number> {
    if (ids.length === 0) return 0;
    const { contexts } = this.#options.work;
    const viewer = viewerOf(caller);
    const found = await contexts.list({ ids, ...within(viewer) }, viewer, { limit: ids.length, offset: 0 });
    const namespaces = new Set(found.map(({ namespace }) => namespace));
    const counts = await Promise.all(
      Array.from(namespaces, namespace =>
        contexts.acknowledge(
          namespace,
          found.filter(one => one.namespace === namespace).map(({ id }) => id),
          viewer,
        ),
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * On whose behalf the caller may see (or change) a memory that it may not by itself: the owner's who shares it.
   * @returns undefined where nobody shares it
   */
  async onBehalf(
    memoryId: string,
    permission: 'read' | 'read_write',
    caller: Caller,
  ): Promise<Caller | undefined> {
    const viewer = viewerOf(caller);
    for (let offset = 0; ; offset += PAGE) {
      const page = { limit: PAGE, offset };
      const contexts = await this.#options.work.contexts.list({ memoryId, ...within(viewer) }, viewer, page);
      for (const context of contexts) {
        if (permission === 'read_write' && context.permission !== 'read_write') continue;
        if (!receives(context, viewer) || !(await this.#shares(context, memoryId, caller))) continue;
        return { ...caller, onBehalfOf: context.owner };
      }
      if (contexts.length < PAGE) return undefined;
    }
  }

  /** For whom something is that names nobody: who shared what it answers, and where that goes both ways, all who have it. */
  async #partnersOf(
    { replyTo, topic }: ContextDraft,
    namespace: string,
    self: string,
    caller: Caller,
  ): Promise<readonly Receiver[]> {
    const filter = replyTo === undefined ? { ...(topic !== undefined && { topic }) } : { ids: [replyTo] };
    const page = { limit: PAGE, offset: 0 };
    const found = await this.#options.work.contexts.list(
      { ...filter, namespaces: [namespace] },
      viewerOf(caller),
      page,
    );
    const answered = found.find(({ bidirectional }) => bidirectional || replyTo !== undefined);
    if (!answered)
      throw replyTo === undefined
        ? refused(`Nobody is named, and nothing is shared in both directions under "${topic}".`)
        : unknownContext(replyTo);
    const sharer = { kind: 'agent', id: answered.from, owner: answered.owner } as const;
    const all: readonly Receiver[] = answered.bidirectional ? [sharer, ...answered.to] : [sharer];
    const others = all.filter(one => one.kind !== 'agent' || one.id !== self);
    return others.filter((one, i) => others.findIndex(other => isSame(one, other)) === i);
  }

  async #shares(context: SharedContext, memoryId: string, caller: Caller): Promise<boolean> {
    if (!context.memoryIds.includes(memoryId) && context.session === null) return false;
    const [memory] = await this.#options.memories.get([memoryId], asOwner(context, caller));
    return memory !== undefined && mayBeShared(memory, context);
  }

  async #memoriesOf(context: SharedContext, caller: Caller): Promise<readonly Memory[]> {
    const { memories } = this.#options;
    const viewer = asOwner(context, caller);
    const named = (await memories.get(context.memoryIds, viewer)).filter(memory => memory !== undefined);
    const episode =
      context.session === null
        ? []
        : (
            await memories.list(
              { session: context.session, namespaces: [context.namespace] },
              { limit: EPISODE_MEMORIES, offset: 0 },
              viewer,
            )
          ).memories;
    const all = new Map([...named, ...episode].map(memory => [memory.id, memory]));
    return [...all.values()].filter(memory => mayBeShared(memory, context));
  }

  async #checkMayShare(ids: readonly string[], caller: Caller): Promise<void> {
    const found = await this.#options.memories.get(ids, viewerOf(caller));
    for (const [i, memory] of found.entries()) {
      if (!memory)
        throw new MemoryError(
          'not_found',
          `There is no memory "${ids[i]}".`,
          'Use semantic_search to find its id.',
        );
      if (memory.owner !== caller.principal.id && memory.visibility !== 'public')
        throw new MemoryError(
          'forbidden',
          `The memory "${memory.id}" is somebody else’s, who did not make it public.`,
          'Share what is yours or public; its owner can share this one.',
        );
    }
  }
}

/** Whether a context is among those that an agent asks for. @param self id of the agent */
function wantedBy({ agent, sent, unread }: ContextRequest, self: string, viewer: Viewer) {
  return (context: SharedContext): boolean => {
    const own = context.owner === viewer.principal;
    if (sent) return own;
    if (own && context.from === self) return context.bidirectional && !unread;
    const others = (one: Receiver) => agent !== undefined && one.kind === 'agent' && one.id !== agent;
    return receives({ to: context.to.filter(one => !others(one)) }, viewer);
  };
}

function isSame(one: Receiver, other: Receiver): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function refused(message: string): MemoryError {
  return new MemoryError(
    'invalid_input',
    `${message} Nothing was shared.`,
    'Say with to_agent for whom it is.',
  );
}

/** What is looked for wherever it is, as far as the viewer may look. */
function within({ namespaces }: Viewer): Pick<ContextFilter, 'namespaces'> {
  return namespaces ? { namespaces } : {};
}

/** Whose eyes a shared memory is seen with. */
function asOwner({ owner }: SharedContext, caller: Caller): Viewer {
  return viewerOf({ ...caller, onBehalfOf: owner });
}

/** Of what its owner sees, what is its own to share: a memory that others shared with it is not. */
function mayBeShared(memory: Memory, { memoryIds, namespace, owner, session }: SharedContext): boolean {
  if (memory.owner !== owner && memory.visibility !== 'public') return false;
  const ofEpisode = session !== null && memory.session === session && memory.namespace === namespace;
  return memoryIds.includes(memory.id) || ofEpisode;
}

import { MemoryError } from '../errors.ts';
import { checkLabel } from '../memories/checkLabel.ts';
import { checkText } from '../memories/checkText.ts';
import { checkTexts } from '../memories/checkTexts.ts';
import type { MaskTexts } from '../memories/maskTexts.ts';
import type { Agent, AgentKey, AgentType, NewAgent } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';
import { LIMITS } from '../model/limits.ts';
import type { Metadata } from '../model/memory.ts';
import type { Heartbeat } from '../ports/agentStore.ts';
import type { Identity } from '../ports/identity.ts';
import type { Work } from '../ports/work.ts';
import { foreignAgent, unknownAgent } from './agentRefusals.ts';
import { nameOf, sessionAgent, typeOf } from './describeAgent.ts';
import type { Presence } from './presence.ts';

/** What is said of an agent; what is left out stays as it was, or is the default. */
export interface AgentDraft {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly type?: AgentType | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly contextWindow?: number | undefined;
  readonly metadata?: Metadata | undefined;
}

export interface AgentsOptions {
  readonly work: Work;
  readonly presence: Presence;
  readonly identity: Identity;
  /** Where this engine runs. */
  readonly host: { readonly machine: string; readonly pid: number };
  readonly mask: MaskTexts;
}

/** What became of the work of an agent that left. */
export interface Departure {
  readonly agent: Agent;
  /** Tasks that others can do now. */
  readonly requeued: number;
}

/**
 * Who works here. Every session is an agent by itself as soon as it works with others; it is kept alive as long as its process lives.
 * An agent belongs to the principal that registered it: nobody else speaks for it.
 */
export class Agents {
  readonly #options: AgentsOptions;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /**
   * The agent that a caller acts as in a namespace: the one it names, else its session's, which is registered by this.
   * Rejects with `not_found` for an agent that is not registered, `forbidden` for another principal's.
   */
  async acting(id: string | undefined, namespace: string, caller: Caller): Promise<Agent> {
    const { presence, work } = this.#options;
    const own = this.idOf(caller);
    const key = { namespace, id: id ?? own };
    const present = presence.present(key);
    if (present && present.owner === caller.principal.id) return present;
    const known = await work.agents.get(key);
    if (known && known.owner !== caller.principal.id) throw foreignAgent(key);
    if (known && (key.id !== own || !caller.lasting) && known.presence === 'online') return known;
    if (!known && key.id !== own) throw unknownAgent(key);
    return this.register({ id: key.id }, namespace, caller);
  }

  /** Adds an agent, or changes what is said of it; one that comes back is the same one. Rejects with `forbidden` for another principal's. */
  async register(draft: AgentDraft, namespace: string, caller: Caller): Promise<Agent> {
    const { host, mask, presence, work } = this.#options;
    const id = draft.id ?? this.idOf(caller);
    check(id, draft);
    const masked = draft.metadata && (await mask({ metadata: draft.metadata }));
    const before = await work.agents.get({ namespace, id });
    const agent: NewAgent = {
      namespace,
      id,
      name: draft.name ?? before?.name ?? nameOf(caller, host.machine),
      type: draft.type ?? before?.type ?? typeOf(caller.principal.client),
      capabilities: [...new Set(draft.capabilities ?? before?.capabilities ?? [])].sort(),
      contextWindow: draft.contextWindow ?? before?.contextWindow ?? null,
      owner: caller.principal.id,
      client: caller.principal.client,
      machine: host.machine,
      // Nobody says for it that it lives: its leases end by their own time.
      pid: caller.lasting ? host.pid : null,
      metadata: masked?.metadata ?? before?.metadata ?? {},
      status: 'idle',
      load: 0,
      currentTask: null,
    };
    const registered = await work.agents.register(agent);
    const isSession = caller.agent === undefined && id === this.idOf(caller);
    if (caller.lasting) presence.add(registered, caller.instance, isSession);
    return registered;
  }

  async heartbeat(
    id: string | undefined,
    beat: Heartbeat,
    namespace: string,
    caller: Caller,
  ): Promise<Agent> {
    const { mask, work } = this.#options;
    const { currentTask } = beat;
    checkLabel('The status', beat.status ?? '', LIMITS.tagChars);
    checkLabel('The current task', currentTask ?? '', LIMITS.titleChars);
    const masked = typeof currentTask === 'string' ? await mask({ currentTask }) : {};
    const agent = await this.acting(id, namespace, caller);
    const alive = await work.agents.heartbeat(agent, caller.principal.id, { ...beat, ...masked });
    this.#options.presence.update(alive);
    return alive;
  }

  /** Id of the agent that a caller is when it names no other, whether that is registered or not. */
  idOf(caller: Caller): string {
    return sessionAgent(caller, this.#options.identity.sha256);
  }

  /** As `acting`, but registers nobody: rejects with `not_found` for an agent that is not there. */
  async known(id: string | undefined, namespace: string, caller: Caller): Promise<Agent> {
    const agent = await this.get({ namespace, id: id ?? this.idOf(caller) });
    if (agent.owner !== caller.principal.id) throw foreignAgent(agent);
    return agent;
  }

  /** It leaves in order: its tasks go back to the queue, its files are free. What it stored stays. */
  async unregister(id: string | undefined, namespace: string, caller: Caller): Promise<Departure> {
    const { presence, work } = this.#options;
    const agent = await this.acting(id, namespace, caller);
    const requeued = await presence.depart(agent);
    await work.agents.remove(agent, caller.principal.id);
    return { agent, requeued };
  }

  async get(key: AgentKey): Promise<Agent> {
    const agent = await this.#options.work.agents.get(key);
    if (agent) return agent;
    throw unknownAgent(key, 'Use list_agents to see who is there.');
  }

  /** By id. @param namespaces undefined: all */
  async list(namespaces: readonly string[] | undefined): Promise<readonly Agent[]> {
    return this.#options.work.agents.list(namespaces);
  }

  /** A session has ended: what it held goes to others, its own agent is gone. Rejects never. */
  async leave(instance: string): Promise<void> {
    await this.#options.presence.leave(instance);
  }
}

function check(id: string, { name = '', capabilities = [], metadata = {} }: AgentDraft): void {
  if (id === '')
    throw new MemoryError('invalid_input', 'The id of an agent is empty.', 'Give it 1 to 200 characters.');
  checkLabel('The id of an agent', id, LIMITS.idChars);
  checkLabel('The name of an agent', name, LIMITS.nameChars);
  for (const capability of capabilities) checkLabel('A capability', capability, LIMITS.tagChars);
  checkText('The metadata', JSON.stringify(metadata), LIMITS.metadataChars);
  checkTexts('The metadata', metadata);
}

import { foreignAgent, unknownAgent } from '../../../engine/agents/agentRefusals.ts';
import { checkTexts } from '../../../engine/memories/checkTexts.ts';
import {
  type Agent,
  type AgentKey,
  type AgentType,
  type NewAgent,
  presenceAt,
} from '../../../engine/model/agent.ts';
import { readObject, readTexts } from '../../../engine/model/readJson.ts';
import type { AgentStore, Heartbeat } from '../../../engine/ports/agentStore.ts';
import { fieldsOf, numberOf, timeOf } from '../records/fields.ts';
import type { RecordSpace } from '../records/recordSpace.ts';
import { refOf, spacesOf } from './refs.ts';
import { type TogetherScript, togetherScripts } from './togetherScripts.ts';
import { WorkScripts } from './workScripts.ts';

/** An agent with its last heartbeat as a score. */
type Shown = readonly [heartbeat: string, flat: readonly string[]];
type Answer = readonly ['ok', now: number, agent: Shown] | readonly ['forbidden' | 'not_found'];

/** HASH `agent:{ref}`, SET `agents:in:{space}`, ZSET `agents:heartbeats` and `agents:watched`. @see docs/redis-schema.md, "Agents" */
export class RedisAgentStore implements AgentStore {
  readonly #scripts: WorkScripts<TogetherScript<'agents'>>;

  constructor(space: RecordSpace) {
    this.#scripts = new WorkScripts(space, togetherScripts('agents'));
  }

  async register(agent: NewAgent): Promise<Agent> {
    checkTexts('An agent', agent);
    const { namespace, id, owner, ...rest } = agent;
    const fields = toFields(rest);
    return accepted(
      await this.#scripts.change('registerAgent', refOf(agent), namespace, id, owner, ...fields),
      agent,
    );
  }

  async heartbeat(key: AgentKey, owner: string, beat: Heartbeat): Promise<Agent> {
    checkTexts('A heartbeat', beat);
    const { status, load, currentTask } = beat;
    const fields = toFields({
      ...(status !== undefined && { status }),
      ...(load !== undefined && { load }),
      ...(currentTask !== undefined && { currentTask }),
    });
    const isIdle = currentTask === null ? '1' : '0';
    return accepted(await this.#scripts.ask('beatAgent', refOf(key), owner, isIdle, ...fields), key);
  }

  async get(key: AgentKey): Promise<Agent | undefined> {
    const [agent] = toAgents(await this.#scripts.ask('readAgents', 'refs', refOf(key)));
    return agent;
  }

  async list(namespaces: readonly string[] | undefined): Promise<readonly Agent[]> {
    const wanted = namespaces ? ['spaces', ...spacesOf(namespaces)] : ['all'];
    return toAgents(await this.#scripts.ask('readAgents', ...wanted)).toSorted(byId);
  }

  async remove(key: AgentKey, owner: string): Promise<boolean> {
    const reply = await this.#scripts.change('removeAgent', refOf(key), key.namespace, key.id, owner);
    if (reply === 'forbidden') throw foreignAgent(key);
    return reply === 'ok';
  }

  async takeSilent(): Promise<readonly Agent[]> {
    return toAgents(await this.#scripts.change('takeSilent')).toSorted(byId);
  }
}

function accepted(answer: unknown, key: AgentKey): Agent {
  const [code, now, agent] = answer as Answer;
  if (code === 'forbidden') throw foreignAgent(key);
  if (code === 'not_found') throw unknownAgent(key);
  return toAgent(agent!, now!);
}

function toAgents(reply: unknown): readonly Agent[] {
  const [now, ...agents] = reply as readonly [now: number, ...agents: readonly Shown[]];
  return agents.map(agent => toAgent(agent, now));
}

function byId(a: Agent, b: Agent): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.namespace < b.namespace ? -1 : 1;
}

/** Names and values in turn; what is not known is left out. */
function toFields(agent: Partial<Omit<NewAgent, 'namespace' | 'id' | 'owner'>>): string[] {
  const { capabilities, metadata, contextWindow, currentTask, ...rest } = agent;
  const fields: Readonly<Record<string, string | number | null | undefined>> = {
    ...rest,
    capabilities: capabilities && JSON.stringify(capabilities),
    metadata: metadata && JSON.stringify(metadata),
    context_window: contextWindow,
    current_task: currentTask,
  };
  return Object.entries(fields).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [name, `${value}`],
  );
}

/** Other programs write these fields too: what cannot be read is as if it were not there. */
function toAgent([heartbeat, flat]: Shown, now: number): Agent {
  const fields = fieldsOf(flat);
  const heartbeatAt = Math.round(Number(heartbeat) * 1000);
  return {
    namespace: fields['namespace'] ?? '',
    id: fields['id'] ?? '',
    name: fields['name'] ?? '',
    type: (fields['type'] ?? 'custom') as AgentType,
    capabilities: readTexts(fields['capabilities']),
    contextWindow: fields['context_window'] === undefined ? null : numberOf(fields['context_window']),
    owner: fields['owner'] ?? '',
    client: fields['client'] ?? '',
    machine: fields['machine'] ?? '',
    pid: fields['pid'] === undefined ? null : numberOf(fields['pid']),
    metadata: readObject(fields['metadata']) ?? {},
    status: fields['status'] ?? '',
    load: numberOf(fields['load']),
    currentTask: fields['current_task'] ?? null,
    registeredAt: timeOf(fields['registered_at']),
    heartbeatAt,
    presence: presenceAt(now - heartbeatAt),
  };
}

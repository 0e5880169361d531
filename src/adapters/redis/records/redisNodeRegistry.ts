import {
  type ActiveNode,
  HEARTBEAT_TTL_MS,
  type NodeLoad,
  type NodeRecord,
  type NodeRegistry,
} from '../../../engine/ports/nodeRegistry.ts';
import { checkLoad, checkNode, checkNodeName } from '../../../engine/records/checkRecord.ts';
import { EVENTS, eventArguments } from './eventKeys.ts';
import { type Fields, listOf, numberOf } from './fields.ts';
import { guard, type RecordSpace } from './recordSpace.ts';

const ACTIVE = 'nodes:active';

/** STRING `node:{name}:heartbeat` as JSON, HASH `node:{name}`, SET `nodes:active`. */
export class RedisNodeRegistry implements NodeRegistry {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async put(node: NodeRecord): Promise<void> {
    checkNode(node);
    const fields = {
      gpu: node.gpu,
      vram_gb: node.vramGb,
      compute_tflops: node.computeTflops,
      ram_gb: node.ramGb,
      role: node.roles.join(','),
      status: node.status,
    };
    guard(...Object.values(fields));
    await this.#space.ask(client => client.hset(this.#space.key(keyOf(node.name)), fields));
  }

  async get(name: string): Promise<NodeRecord | undefined> {
    checkNodeName(name);
    const fields = await this.#space.ask(client => client.hgetall(this.#space.key(keyOf(name))));
    return toNode(name, fields);
  }

  async heartbeat(name: string, load: NodeLoad): Promise<void> {
    checkLoad(name, load);
    const json = JSON.stringify({ cpu: load.cpu, gpu: load.gpu, mem: load.mem });
    await this.#space.script(
      'heartbeat',
      this.#keysOf(name),
      ...eventArguments(this.#space),
      ...[name, json, HEARTBEAT_TTL_MS],
    );
  }

  async active(): Promise<readonly ActiveNode[]> {
    const names = (await this.#names()).sort();
    const keys = (nameOf: (name: string) => string) => names.map(name => this.#space.key(nameOf(name)));
    const nodes = await this.#space.batch(keys(keyOf), (pipeline, key) => pipeline.hgetall(key));
    const loads = await this.#space.batch(keys(heartbeatOf), (pipeline, key) => pipeline.get(key));
    return names.map((name, i) => {
      const node = toNode(name, nodes[i] as Fields);
      const load = toLoad(loads[i] as string | null);
      return { name, ...(node && { node }), ...(load && { load }) };
    });
  }

  async retire(name: string): Promise<void> {
    checkNodeName(name);
    await this.#space.script('retireNode', this.#keysOf(name), ...eventArguments(this.#space), name, 0);
  }

  async retireSilent(): Promise<readonly string[]> {
    const names = (await this.#names()).sort();
    const retired = await this.#space.scripts(
      names.map(
        name => ['retireNode', this.#keysOf(name), [...eventArguments(this.#space), name, 1]] as const,
      ),
    );
    return names.filter((_, i) => retired[i] === 1);
  }

  async #names(): Promise<string[]> {
    return this.#space.ask(client => client.smembers(this.#space.key(ACTIVE)));
  }

  #keysOf(name: string): readonly string[] {
    return [heartbeatOf(name), keyOf(name), ACTIVE, EVENTS].map(key => this.#space.key(key));
  }
}

function keyOf(name: string): string {
  return `node:${name}`;
}

function heartbeatOf(name: string): string {
  return `node:${name}:heartbeat`;
}

function toNode(name: string, fields: Fields): NodeRecord | undefined {
  if (Object.keys(fields).length === 0) return undefined;
  return {
    name,
    gpu: fields['gpu'] ?? '',
    vramGb: numberOf(fields['vram_gb']),
    computeTflops: numberOf(fields['compute_tflops']),
    ramGb: numberOf(fields['ram_gb']),
    roles: listOf(fields['role']),
    status: fields['status'] ?? '',
  };
}

/** A heartbeat is one, whatever it says: the node lives. */
function toLoad(json: string | null): NodeLoad | undefined {
  if (json === null) return undefined;
  const said = parse(json);
  const part = (name: string) => numberOf(String(said[name] ?? 0));
  return { cpu: part('cpu'), gpu: part('gpu'), mem: part('mem') };
}

function parse(json: string): Record<string, unknown> {
  try {
    const said: unknown = JSON.parse(json);
    return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import {
  type ActiveNode,
  HEARTBEAT_TTL_MS,
  type NodeLoad,
  type NodeRecord,
  type NodeRegistry,
} from '../../../engine/ports/nodeRegistry.ts';
import { checkLoad, checkNode, checkNodeName } from '../../../engine/records/checkRecord.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { insertEvent } from './insertEvent.ts';

export class SqliteNodeRegistry implements NodeRegistry {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async put(node: NodeRecord): Promise<void> {
    checkNode(node);
    await this.#database.write(() =>
      this.#database.run(
        `INSERT OR REPLACE INTO node_records (name, gpu, vram_gb, compute_tflops, ram_gb, roles, status)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        node.name,
        node.gpu,
        node.vramGb,
        node.computeTflops,
        node.ramGb,
        node.roles.join(','),
        node.status,
      ),
    );
  }

  async get(name: string): Promise<NodeRecord | undefined> {
    checkNodeName(name);
    const row = await this.#database.look(() => this.#find(name));
    return row && toNode(row);
  }

  async heartbeat(name: string, { cpu, gpu, mem }: NodeLoad): Promise<void> {
    checkLoad(name, { cpu, gpu, mem });
    await this.#database.write(() => {
      const joins = !this.#database.get('SELECT 1 FROM node_heartbeats WHERE name = ?', name);
      this.#database.run(
        'INSERT OR REPLACE INTO node_heartbeats (name, expires_at, cpu, gpu, mem) VALUES (?, ?, ?, ?, ?)',
        name,
        this.#now() + HEARTBEAT_TTL_MS,
        cpu,
        gpu,
        mem,
      );
      this.#database.run(
        "UPDATE node_records SET status = 'online' WHERE name = ? AND status = 'offline'",
        name,
      );
      if (joins) this.#tell(name, (this.#find(name)?.['status'] as string | undefined) ?? 'online');
    });
  }

  async active(): Promise<readonly ActiveNode[]> {
    return this.#database.read(() =>
      this.#database.all('SELECT * FROM node_heartbeats ORDER BY name').map(beat => {
        const name = beat['name'] as string;
        const node = this.#find(name);
        const lives = (beat['expires_at'] as number) > this.#now();
        return { name, ...(node && { node: toNode(node) }), ...(lives && { load: toLoad(beat) }) };
      }),
    );
  }

  async retire(name: string): Promise<void> {
    checkNodeName(name);
    await this.#database.write(() => this.#retire(name));
  }

  async retireSilent(): Promise<readonly string[]> {
    // Mostly there is none, and nothing is written.
    if ((await this.#database.look(() => this.#silent())).length === 0) return [];
    return this.#database.write(() => {
      const names = this.#silent();
      for (const name of names) this.#retire(name);
      return names;
    });
  }

  #silent(): readonly string[] {
    return this.#database
      .all('SELECT name FROM node_heartbeats WHERE expires_at <= ? ORDER BY name', this.#now())
      .map(row => row['name'] as string);
  }

  #find(name: string): Row | undefined {
    return this.#database.get('SELECT * FROM node_records WHERE name = ?', name);
  }

  #retire(name: string): void {
    const { changes } = this.#database.run('DELETE FROM node_heartbeats WHERE name = ?', name);
    this.#database.run("UPDATE node_records SET status = 'offline' WHERE name = ?", name);
    if (changes > 0) this.#tell(name, 'offline');
  }

  #tell(node: string, status: string): void {
    insertEvent(this.#database, this.#now(), { type: 'node_status', node, status });
  }
}

function toNode(row: Row): NodeRecord {
  const roles = row['roles'] as string;
  return {
    name: row['name'] as string,
    gpu: row['gpu'] as string,
    vramGb: row['vram_gb'] as number,
    computeTflops: row['compute_tflops'] as number,
    ramGb: row['ram_gb'] as number,
    roles: roles === '' ? [] : roles.split(','),
    status: row['status'] as string,
  };
}

function toLoad(row: Row): NodeLoad {
  return { cpu: row['cpu'] as number, gpu: row['gpu'] as number, mem: row['mem'] as number };
}

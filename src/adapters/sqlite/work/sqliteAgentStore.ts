import { foreignAgent, unknownAgent } from '../../../engine/agents/agentRefusals.ts';
import { checkTexts } from '../../../engine/memories/checkTexts.ts';
import {
  type Agent,
  type AgentKey,
  type AgentType,
  type NewAgent,
  OFFLINE_MS,
  presenceAt,
} from '../../../engine/model/agent.ts';
import { readObject, readTexts } from '../../../engine/model/readJson.ts';
import { type AgentStore, FORGOTTEN_MS, type Heartbeat } from '../../../engine/ports/agentStore.ts';
import { ConditionList } from '../conditionList.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { insertEvent } from '../records/insertEvent.ts';

/** Table `agents`. One that is silent for `FORGOTTEN_MS` is as if it were not there, until `takeSilent` removes it. */
export class SqliteAgentStore implements AgentStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async register(agent: NewAgent): Promise<Agent> {
    checkTexts('An agent', agent);
    return this.#database.write(() => {
      const now = this.#now();
      const known = this.#find(agent, now);
      if (known && known['owner'] !== agent.owner) throw foreignAgent(agent);
      this.#database.run(
        `INSERT OR REPLACE INTO agents (namespace, id, name, type, capabilities, context_window, owner, client, machine, pid,
           metadata, status, load, current_task, registered_at, heartbeat_at, watched)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
        ...[agent.namespace, agent.id, agent.name, agent.type, JSON.stringify(agent.capabilities)],
        ...[agent.contextWindow, agent.owner, agent.client, agent.machine, agent.pid],
        ...[JSON.stringify(agent.metadata), agent.status, agent.load, agent.currentTask],
        ...[(known?.['registered_at'] as number | undefined) ?? now, now],
      );
      if (known?.['watched'] !== 1) this.#tell(agent, 'online', now);
      return toAgent(this.#find(agent, now)!, now);
    });
  }

  async heartbeat(key: AgentKey, owner: string, beat: Heartbeat): Promise<Agent> {
    checkTexts('A heartbeat', beat);
    return this.#database.write(() => {
      const now = this.#now();
      const known = this.#find(key, now);
      if (!known) throw unknownAgent(key);
      if (known['owner'] !== owner) throw foreignAgent(key);
      const { status = known['status']!, load = known['load']!, currentTask = known['current_task']! } = beat;
      this.#database.run(
        `UPDATE agents SET status = ?, load = ?, current_task = ?, heartbeat_at = ?, watched = 1
         WHERE namespace = ? AND id = ?`,
        ...[status, load, currentTask, now],
        ...[key.namespace, key.id],
      );
      if (known['watched'] !== 1) this.#tell(key, 'online', now);
      return toAgent(this.#find(key, now)!, now);
    }, false);
  }

  async get(key: AgentKey): Promise<Agent | undefined> {
    const now = this.#now();
    const row = await this.#database.look(() => this.#find(key, now));
    return row && toAgent(row, now);
  }

  async list(namespaces: readonly string[] | undefined): Promise<readonly Agent[]> {
    const now = this.#now();
    const { sql, params } = new ConditionList()
      .add('heartbeat_at > ?', now - FORGOTTEN_MS)
      .oneOf('namespace', namespaces);
    const rows = await this.#database.look(() =>
      this.#database.all(`SELECT * FROM agents WHERE ${sql} ORDER BY id, namespace`, ...params),
    );
    return rows.map(row => toAgent(row, now));
  }

  async remove(key: AgentKey, owner: string): Promise<boolean> {
    return this.#database.write(() => {
      const now = this.#now();
      const known = this.#find(key, now);
      if (!known) return false;
      if (known['owner'] !== owner) throw foreignAgent(key);
      this.#database.run('DELETE FROM agents WHERE namespace = ? AND id = ?', key.namespace, key.id);
      this.#tell(key, 'removed', now);
      return true;
    });
  }

  async takeSilent(): Promise<readonly Agent[]> {
    // Mostly there is none, and nothing is written.
    const idle = await this.#database.look(
      () => this.#silent(this.#now()).length === 0 && !this.#forgettable(this.#now()),
    );
    if (idle) return [];
    return this.#database.write(() => {
      const now = this.#now();
      const silent = this.#silent(now).map(row => toAgent(row, now));
      for (const agent of silent) {
        this.#database.run(
          'UPDATE agents SET watched = 0 WHERE namespace = ? AND id = ?',
          agent.namespace,
          agent.id,
        );
        this.#tell(agent, 'offline', now);
      }
      this.#database.run('DELETE FROM agents WHERE watched = 0 AND heartbeat_at <= ?', now - FORGOTTEN_MS);
      return silent;
    });
  }

  #find({ namespace, id }: AgentKey, now: number): Row | undefined {
    return this.#database.get(
      'SELECT * FROM agents WHERE namespace = ? AND id = ? AND heartbeat_at > ?',
      ...[namespace, id, now - FORGOTTEN_MS],
    );
  }

  #silent(now: number): readonly Row[] {
    return this.#database.all(
      'SELECT * FROM agents WHERE watched = 1 AND heartbeat_at <= ? ORDER BY id, namespace',
      now - OFFLINE_MS,
    );
  }

  #forgettable(now: number): boolean {
    const found = 'SELECT 1 FROM agents WHERE watched = 0 AND heartbeat_at <= ? LIMIT 1';
    return this.#database.get(found, now - FORGOTTEN_MS) !== undefined;
  }

  #tell({ namespace, id }: AgentKey, change: string, now: number): void {
    insertEvent(this.#database, now, { type: 'agent', namespace, subject: id, change, agent: id });
  }
}

function toAgent(row: Row, now: number): Agent {
  const heartbeatAt = row['heartbeat_at'] as number;
  return {
    namespace: row['namespace'] as string,
    id: row['id'] as string,
    name: row['name'] as string,
    type: row['type'] as AgentType,
    capabilities: readTexts(row['capabilities']),
    contextWindow: row['context_window'] as number | null,
    owner: row['owner'] as string,
    client: row['client'] as string,
    machine: row['machine'] as string,
    pid: row['pid'] as number | null,
    metadata: readObject(row['metadata']) ?? {},
    status: row['status'] as string,
    load: row['load'] as number,
    currentTask: row['current_task'] as string | null,
    registeredAt: row['registered_at'] as number,
    heartbeatAt,
    presence: presenceAt(now - heartbeatAt),
  };
}

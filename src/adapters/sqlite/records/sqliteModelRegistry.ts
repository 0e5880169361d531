import type {
  ModelRecord,
  ModelRegistry,
  ModelUsage,
  NewModel,
} from '../../../engine/ports/modelRegistry.ts';
import { checkModel, checkModelName, checkName, checkUsage } from '../../../engine/records/checkRecord.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { insertEvent } from './insertEvent.ts';

export class SqliteModelRegistry implements ModelRegistry {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async put(model: NewModel): Promise<void> {
    checkModel(model);
    await this.#database.write(() =>
      this.#database.run(
        `INSERT OR REPLACE INTO model_records (name, node, size_gb, quantization, context_length, at, performance)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        model.name,
        model.node,
        model.sizeGb,
        model.quantization,
        model.contextLength,
        this.#now(),
        model.performance,
      ),
    );
  }

  async get(name: string): Promise<ModelRecord | undefined> {
    checkModelName(name);
    const row = await this.#database.look(() =>
      this.#database.get('SELECT * FROM model_records WHERE name = ?', name),
    );
    return row && toModel(row);
  }

  async list(): Promise<readonly ModelRecord[]> {
    const rows = await this.#database.look(() =>
      this.#database.all('SELECT * FROM model_records ORDER BY name'),
    );
    return rows.map(toModel);
  }

  async remove(name: string): Promise<void> {
    checkModelName(name);
    await this.#database.write(() => {
      this.#database.run('DELETE FROM model_records WHERE name = ?', name);
      this.#database.run('DELETE FROM model_usage WHERE name = ?', name);
      const nodes = this.#database.all('SELECT node FROM active_models WHERE model = ? ORDER BY node', name);
      for (const row of nodes) this.#deactivate(row['node'] as string);
    });
  }

  async activate(node: string, model: string | undefined): Promise<void> {
    checkName('A node', node);
    if (model !== undefined) checkModelName(model);
    await this.#database.write(() => {
      if (model === undefined) return this.#deactivate(node);
      this.#database.run('INSERT OR REPLACE INTO active_models VALUES (?, ?)', node, model);
      this.#tell(node, model);
    });
  }

  async active(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.look(() => this.#database.all('SELECT * FROM active_models'));
    return new Map(rows.map(row => [row['node'] as string, row['model'] as string]));
  }

  async addUsage(name: string, added: ModelUsage): Promise<void> {
    checkUsage(name, added);
    await this.#database.write(() =>
      this.#database.run(
        `INSERT INTO model_usage VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET requests = requests + ?2, tokens_generated = tokens_generated + ?3`,
        name,
        added.requests,
        added.tokensGenerated,
      ),
    );
  }

  async usage(name: string): Promise<ModelUsage> {
    checkModelName(name);
    const row = await this.#database.look(() =>
      this.#database.get('SELECT requests, tokens_generated FROM model_usage WHERE name = ?', name),
    );
    return {
      requests: (row?.['requests'] as number | undefined) ?? 0,
      tokensGenerated: (row?.['tokens_generated'] as number | undefined) ?? 0,
    };
  }

  #deactivate(node: string): void {
    const { changes } = this.#database.run('DELETE FROM active_models WHERE node = ?', node);
    if (changes > 0) this.#tell(node, '');
  }

  #tell(node: string, model: string): void {
    insertEvent(this.#database, this.#now(), { type: 'model_updated', node, model });
  }
}

function toModel(row: Row): ModelRecord {
  return {
    name: row['name'] as string,
    node: row['node'] as string,
    sizeGb: row['size_gb'] as number,
    quantization: row['quantization'] as string,
    contextLength: row['context_length'] as number,
    updatedAt: row['at'] as number,
    performance: row['performance'] as string,
  };
}

import {
  type CacheCounts,
  type OperationKind,
  TOOL_RESULT_TTL_MS,
  type ToolCall,
  type ToolResultCache,
} from '../../../engine/ports/toolResultCache.ts';
import { checkCall } from '../../../engine/records/checkRecord.ts';
import type { Database } from '../database.ts';

export class SqliteToolResultCache implements ToolResultCache {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async get(call: ToolCall): Promise<string | undefined> {
    checkCall(call);
    const { tool, path = '', inputHash } = call;
    return this.#database.write(() => {
      const row = this.#database.get(
        'SELECT result FROM tool_results WHERE tool = ? AND path = ? AND input_hash = ? AND expires_at > ?',
        tool,
        path,
        inputHash,
        this.#now(),
      );
      this.#database.run(
        `INSERT INTO tool_counts VALUES (?1, ?2, ?3)
         ON CONFLICT (tool) DO UPDATE SET hits = hits + ?2, misses = misses + ?3`,
        tool,
        row !== undefined,
        row === undefined,
      );
      return row?.['result'] as string | undefined;
    });
  }

  async put(call: ToolCall, result: string, kind: OperationKind): Promise<void> {
    checkCall(call);
    const { tool, path = '', inputHash } = call;
    await this.#database.write(() => {
      this.#database.run('DELETE FROM tool_results WHERE expires_at <= ?', this.#now());
      this.#database.run(
        'INSERT OR REPLACE INTO tool_results (tool, path, input_hash, expires_at, result) VALUES (?, ?, ?, ?, ?)',
        tool,
        path,
        inputHash,
        this.#now() + TOOL_RESULT_TTL_MS[kind],
        result,
      );
    });
  }

  async forget({ tool, path }: { tool?: string; path?: string } = {}): Promise<number> {
    return this.#database.write(() => {
      this.#database.run('DELETE FROM tool_results WHERE expires_at <= ?', this.#now());
      return this.#database.run(
        'DELETE FROM tool_results WHERE (?1 IS NULL OR tool = ?1) AND (?2 IS NULL OR path = ?2)',
        tool ?? null,
        path ?? null,
      ).changes;
    });
  }

  async counts(): Promise<ReadonlyMap<string, CacheCounts>> {
    const rows = await this.#database.look(() => this.#database.all('SELECT * FROM tool_counts'));
    return new Map(
      rows.map(row => [
        row['tool'] as string,
        { hits: row['hits'] as number, misses: row['misses'] as number },
      ]),
    );
  }
}

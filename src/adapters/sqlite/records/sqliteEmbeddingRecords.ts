import type {
  EmbeddingRecord,
  EmbeddingRecords,
  NewEmbedding,
} from '../../../engine/ports/embeddingRecords.ts';
import { checkEmbedding, checkLimit, checkSha256, sessionOf } from '../../../engine/records/checkRecord.ts';
import { packVector, unpackVector } from '../../../engine/records/packVector.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';

export class SqliteEmbeddingRecords implements EmbeddingRecords {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async put(embeddings: readonly NewEmbedding[]): Promise<void> {
    embeddings.forEach(checkEmbedding);
    await this.#database.write(() => {
      for (const embedding of embeddings) this.#put(embedding);
    });
  }

  async get(sha256s: readonly string[]): Promise<readonly (EmbeddingRecord | undefined)[]> {
    sha256s.forEach(checkSha256);
    const rows = await this.#database.read(() =>
      sha256s.map(sha256 => this.#database.get('SELECT * FROM embedding_records WHERE sha256 = ?', sha256)),
    );
    return rows.map(row => row && toEmbedding(row));
  }

  async recent(limit: number, sessionId?: string): Promise<readonly EmbeddingRecord[]> {
    checkLimit(limit);
    const rows = await this.#database.look(() =>
      sessionId === undefined
        ? this.#database.all('SELECT * FROM embedding_records ORDER BY at DESC, sha256 DESC LIMIT ?', limit)
        : this.#database.all(
            `SELECT e.* FROM embedding_sessions AS s JOIN embedding_records AS e USING (sha256)
             WHERE s.session = ? ORDER BY e.at DESC, e.sha256 DESC LIMIT ?`,
            sessionId,
            limit,
          ),
    );
    return rows.map(toEmbedding);
  }

  async remove(sha256: string): Promise<void> {
    checkSha256(sha256);
    await this.#database.write(() =>
      this.#database.run('DELETE FROM embedding_records WHERE sha256 = ?', sha256),
    );
  }

  #put({ sha256, vector, text, source, toolContext, success }: NewEmbedding): void {
    this.#database.run(
      `INSERT INTO embedding_records (sha256, at, source, tool_context, success, vector, text) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (sha256) DO UPDATE SET at = excluded.at, source = excluded.source, tool_context = excluded.tool_context,
         success = excluded.success, vector = excluded.vector, text = excluded.text`,
      sha256,
      this.#now(),
      source,
      toolContext,
      success,
      packVector(vector),
      text,
    );
    const session = sessionOf(source);
    if (session !== undefined)
      this.#database.run('INSERT OR IGNORE INTO embedding_sessions VALUES (?, ?)', session, sha256);
  }
}

function toEmbedding(row: Row): EmbeddingRecord {
  const vector: unknown = row['vector'];
  return {
    sha256: row['sha256'] as string,
    // libsql gives an ArrayBuffer where it reads several rows.
    vector: unpackVector(vector instanceof ArrayBuffer ? new Uint8Array(vector) : (vector as Uint8Array)),
    text: row['text'] as string,
    storedAt: row['at'] as number,
    source: row['source'] as string,
    toolContext: row['tool_context'] as string,
    success: row['success'] === 1,
  };
}

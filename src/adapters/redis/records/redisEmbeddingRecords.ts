import type {
  EmbeddingRecord,
  EmbeddingRecords,
  NewEmbedding,
} from '../../../engine/ports/embeddingRecords.ts';
import { checkEmbedding, checkLimit, checkSha256, sessionOf } from '../../../engine/records/checkRecord.ts';
import { packVector, unpackVector } from '../../../engine/records/packVector.ts';
import { timeOf, truthOf } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

const RECENT = 'embeddings:recent';
const NO_END = 0;

/** HASH `embedding:{sha256}`, ZSET `embeddings:recent` and `embeddings:session:{id}`. */
export class RedisEmbeddingRecords implements EmbeddingRecords {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async put(embeddings: readonly NewEmbedding[]): Promise<void> {
    embeddings.forEach(checkEmbedding);
    await this.#space.scripts(
      embeddings.map(({ sha256, vector, text, source, toolContext, success }) => [
        'putRecord',
        [keyOf(sha256), ...indexesOf(source)].map(name => this.#space.key(name)),
        [
          ...[sha256, NO_END, 'timestamp', 'vector', Buffer.from(packVector(vector).buffer), 'text', text],
          ...['source', source, 'tool_context', toolContext, 'success', String(success)],
        ],
      ]),
    );
  }

  async get(sha256s: readonly string[]): Promise<readonly (EmbeddingRecord | undefined)[]> {
    sha256s.forEach(checkSha256);
    return this.#read(sha256s);
  }

  async recent(limit: number, sessionId?: string): Promise<readonly EmbeddingRecord[]> {
    checkLimit(limit);
    const index = sessionId === undefined ? RECENT : sessionIndex(sessionId);
    return this.#space.newest(index, limit, sha256s => this.#read(sha256s));
  }

  async remove(sha256: string): Promise<void> {
    checkSha256(sha256);
    const key = this.#space.key(keyOf(sha256));
    const source = (await this.#space.ask(client => client.hget(key, 'source'))) ?? '';
    const indexes = indexesOf(source).map(name => this.#space.key(name));
    await this.#space.script('removeRecord', [key, ...indexes], sha256);
  }

  async #read(sha256s: readonly string[]): Promise<readonly (EmbeddingRecord | undefined)[]> {
    const found = await this.#space.batch(sha256s, (pipeline, sha256) =>
      pipeline.hgetallBuffer(this.#space.key(keyOf(sha256))),
    );
    return found.map((fields, i) => toEmbedding(sha256s[i]!, fields as Readonly<Record<string, Buffer>>));
  }
}

function keyOf(sha256: string): string {
  return `embedding:${sha256}`;
}

function sessionIndex(sessionId: string): string {
  return `embeddings:session:${sessionId}`;
}

function indexesOf(source: string): readonly string[] {
  const sessionId = sessionOf(source);
  return sessionId === undefined ? [RECENT] : [RECENT, sessionIndex(sessionId)];
}

/** One without a vector is as if it were not there. */
function toEmbedding(sha256: string, fields: Readonly<Record<string, Buffer>>): EmbeddingRecord | undefined {
  const vector = fields['vector'];
  if (vector === undefined) return undefined;
  return {
    sha256,
    vector: unpackVector(vector),
    text: fields['text']?.toString() ?? '',
    storedAt: timeOf(fields['timestamp']?.toString()),
    source: fields['source']?.toString() ?? '',
    toolContext: fields['tool_context']?.toString() ?? '',
    success: truthOf(fields['success']?.toString()),
  };
}

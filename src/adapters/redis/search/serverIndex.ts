import { createHash } from 'node:crypto';
import { MemoryError } from '../../../engine/errors.ts';
import type { IndexModel } from '../../../engine/ports/memoryIndex.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { NUMERIC_FIELDS, TAG_FIELDS } from './queryText.ts';

/** Rises with every change of the documents or of the index: another release's index stands beside ours. */
const SCHEMA = 2;
/** Every name of an index begins so, after the prefix. */
const FAMILY = 'search:v';

const LINKS = 16;
const BUILDING = 200;
const LOOKING = 200;

const NONE = /no such index|unknown index name|index not found/i;
const EXISTS = /index already exists/i;

/** The names that one index has in Redis. */
export interface ServerIndexNames {
  /** Of the index, and of the hash with what is known of it. */
  readonly name: string;
  /** What comes before an id in the key of a document. */
  readonly documents: string;
  /** The set of documents without a vector. */
  readonly lacking: string;
}

/** @param model null: words only */
export function indexNames(connection: RedisConnection, model: IndexModel | null): ServerIndexNames {
  const what = model === null ? 'words' : `${model.id} ${model.dimensions}`;
  const hash = createHash('sha256').update(what).digest('hex').slice(0, 12);
  return namesOf(connection.key(`${FAMILY}${SCHEMA}:${hash}`));
}

export function namesOf(name: string): ServerIndexNames {
  return { name, documents: `${name}:memory:`, lacking: `${name}:lacking` };
}

/** The names of all our indexes begin so, whatever their release and model. */
export function familyOf(connection: RedisConnection): string {
  return connection.key(FAMILY);
}

/** Makes the index where there is none. @returns whether it was made now */
export async function createIndex(
  connection: RedisConnection,
  { name, documents }: ServerIndexNames,
  model: IndexModel | null,
): Promise<boolean> {
  const vector = model && [
    ...['vector', 'VECTOR', 'HNSW', 12, 'TYPE', 'FLOAT32', 'DIM', model.dimensions],
    ...['DISTANCE_METRIC', 'COSINE', 'M', LINKS, 'EF_CONSTRUCTION', BUILDING, 'EF_RUNTIME', LOOKING],
  ];
  const schema = [
    ...['words', 'TEXT', 'NOSTEM'],
    ...TAG_FIELDS.flatMap(field => [field, 'TAG', 'CASESENSITIVE']),
    ...NUMERIC_FIELDS.flatMap(field => [field, 'NUMERIC']),
    ...(vector ?? []),
  ];
  const options = ['ON', 'HASH', 'PREFIX', 1, documents, 'NOHL', 'NOOFFSETS', 'NOFIELDS', 'STOPWORDS', 0];
  return connection.ask(async client => {
    try {
      await client.call('FT.CREATE', name, ...options, 'SCHEMA', ...schema);
      return true;
    } catch (error) {
      // Whoever came first has made the same.
      if (EXISTS.test((error as Error).message)) return false;
      throw error;
    }
  });
}

/** What FT.INFO tells, as text by name; undefined where there is no such index. */
export async function indexInfo(
  connection: RedisConnection,
  name: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  return connection.ask(async client => {
    try {
      const info = (await client.call('FT.INFO', name)) as unknown[];
      return new Map(info.flatMap((key, i) => (i % 2 === 0 ? [[String(key), String(info[i + 1])]] : [])));
    } catch (error) {
      if (NONE.test((error as Error).message)) return undefined;
      throw error;
    }
  });
}

/** The server still reads documents that were there before the index, as after its own start. */
export function isIndexing(info: ReadonlyMap<string, string>): boolean {
  return info.get('indexing') !== '0' || Number(info.get('percent_indexed')) < 1;
}

/** Removes the index, and leaves its documents. */
export async function removeIndex(connection: RedisConnection, name: string): Promise<void> {
  await connection.ask(async client => {
    try {
      await client.call('FT.DROPINDEX', name);
    } catch (error) {
      if (!NONE.test((error as Error).message)) throw error;
    }
  });
}

/** What a search that failed means; a mistake in its text is a bug, and stays what it is. */
export function searchError(error: unknown, address: string): unknown {
  const { message } = error as Error;
  if (NONE.test(message)) {
    return new MemoryError(
      'unavailable',
      `The search index on ${address} is gone.`,
      'It is made anew by itself; until then this machine searches.',
      { cause: new Error(message) },
    );
  }
  return /timeout limit/i.test(message)
    ? new MemoryError('unavailable', `A search on ${address} took too long.`, 'Try again.')
    : error;
}

import { MemoryError } from '../../engine/errors.ts';

/**
 * The vectors of an answer of `POST /embeddings`, in the order of the inputs, made unit length.
 * Components are numbers or base64 of little-endian float32. Throws `unavailable` unless there is exactly one
 * finite, non-zero vector of one length for each input.
 *
 * @param dimensions the expected length; undefined accepts any
 */
export function readEmbeddings(answer: unknown, count: number, dimensions?: number): readonly Float32Array[] {
  const data = (answer as { data?: unknown } | null)?.data;
  if (!Array.isArray(data) || data.length !== count) {
    throw unusable(`sent ${Array.isArray(data) ? data.length : 'no'} embeddings for ${count} texts`);
  }
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const [position, item] of data.entries()) {
    const { index = position, embedding } = (item ?? {}) as { index?: number; embedding?: unknown };
    if (!Number.isInteger(index) || index < 0 || index >= count || vectors[index] !== undefined) {
      throw unusable('sent embeddings whose numbers do not match the texts');
    }
    const vector = decode(embedding);
    if (dimensions !== undefined && vector.length !== dimensions) {
      throw unusable(`sent vectors of ${vector.length} dimensions where ${dimensions} were expected`);
    }
    vectors[index] = normalise(vector);
  }
  return vectors as Float32Array[];
}

function decode(embedding: unknown): Float32Array {
  if (typeof embedding === 'string') {
    const bytes = Buffer.from(embedding, 'base64');
    const vector = new Float32Array(Math.floor(bytes.length / 4));
    for (let i = 0; i < vector.length; i++) vector[i] = bytes.readFloatLE(i * 4);
    return vector;
  }
  if (Array.isArray(embedding)) return Float32Array.from(embedding as number[]);
  throw unusable('sent an embedding that is neither a list of numbers nor base64');
}

function normalise(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const norm = Math.sqrt(squares);
  if (!(norm > 0) || !Number.isFinite(norm)) throw unusable('sent a vector without a direction');
  return vector.map(x => x / norm);
}

function unusable(what: string): MemoryError {
  return new MemoryError(
    'unavailable',
    `The embedding endpoint ${what}.`,
    'Check the name of the embedding model and its dimensions in the settings.',
  );
}

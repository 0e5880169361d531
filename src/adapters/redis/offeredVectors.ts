import type { OfferedVector } from '../../engine/ports/centralLog.ts';
import { placeOf } from './memoryKeys.ts';
import type { RedisConnection } from './redisConnection.ts';

const HASH_CHARS = 64;

/** HASH `memory:{id}:vectors`, by model: what other machines have computed. What cannot be read is not there. */
export async function readVectors(
  connection: RedisConnection,
  model: string,
  ids: readonly string[],
): Promise<readonly (OfferedVector | undefined)[]> {
  const found = await connection.ask(client => {
    const pipeline = client.pipeline();
    for (const id of ids) pipeline.hgetBuffer(keyOf(connection, id), model);
    return pipeline.exec();
  });
  return ids.map((_, i) => {
    const [error, bytes] = found?.[i] ?? [];
    return error || !bytes ? undefined : unpackVector(bytes as Buffer);
  });
}

export async function offerVectors(
  connection: RedisConnection,
  model: string,
  vectors: readonly (OfferedVector & { readonly id: string })[],
): Promise<void> {
  await connection.ask(client => {
    const pipeline = client.pipeline();
    for (const one of vectors) pipeline.hset(keyOf(connection, one.id), model, packVector(one));
    return pipeline.exec();
  });
}

function keyOf(connection: RedisConnection, id: string): string {
  return connection.key(`memory:${placeOf(id)}:vectors`);
}

/** The hash of the content (64 hex digits), then float32 little-endian. */
function packVector({ contentHash, vector }: OfferedVector): Buffer {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return Buffer.concat([Buffer.from(contentHash, 'latin1'), bytes]);
}

function unpackVector(bytes: Buffer): OfferedVector {
  const contentHash = bytes.toString('latin1', 0, HASH_CHARS);
  // Copied: a Float32Array needs an address that is a multiple of four.
  return { contentHash, vector: new Float32Array(new Uint8Array(bytes.subarray(HASH_CHARS)).buffer) };
}

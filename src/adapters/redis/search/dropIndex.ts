import { randomUUID } from 'node:crypto';
import { scanKeys } from '../records/scanKeys.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { namesOf, removeIndex } from './serverIndex.ts';

/** Longer than the removal of all documents takes. */
const HELD_MS = 120_000;
const UNUSED_MS = 24 * 60 * 60 * 1000;

/** Which of our indexes nobody has used for a day. @param own never these */
export async function retiredNames(
  connection: RedisConnection,
  registry: string,
  own: readonly string[],
): Promise<readonly string[]> {
  return connection.ask(async client => {
    const others = (await client.smembers(registry)).filter(name => !own.includes(name));
    const used = await Promise.all(others.map(name => client.hget(name, 'used')));
    const [seconds] = await client.time();
    return others.filter((_, i) => Number(seconds) * 1000 - Number(used[i] ?? 0) > UNUSED_MS);
  });
}

/**
 * Takes the index away, then the documents that it alone had; nothing else is touched. Whoever writes it meanwhile is refused, and whoever
 * searches there searches on its own machine.
 */
export async function dropIndex(connection: RedisConnection, registry: string, name: string): Promise<void> {
  const { documents, lacking } = namesOf(name);
  await connection.ask(async client => {
    const [seconds] = await client.time();
    await client.hset(name, { token: randomUUID(), until: Number(seconds) * 1000 + HELD_MS });
    await client.hdel(name, 'open');
  });
  await removeIndex(connection, name);
  await connection.ask(async client => {
    for await (const keys of scanKeys(client, documents)) if (keys.length > 0) await client.unlink(...keys);
    await client.unlink(lacking, name);
    await client.srem(registry, name);
  });
}

import { Cluster } from 'ioredis';
import type { RedisClient } from '../connectRedis.ts';

/** Keys looked at in one step: Redis serves others between two. */
const STEP = 500;

/** Keys that begin so, some at a time, each once at least. Redis goes on serving meanwhile, which `KEYS` would keep it from. */
export async function* scanKeys(client: RedisClient, ...start: readonly (string | undefined)[]) {
  const pattern = `${start.join('').replaceAll(/[\\*?[\]]/g, '\\$&')}*`;
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', STEP);
      yield keys;
      cursor = next;
    } while (cursor !== '0');
  }
}

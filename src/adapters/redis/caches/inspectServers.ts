import { Cluster } from 'ioredis';
import type { CacheServer } from '../../../engine/ports/cacheStore.ts';
import type { RedisConnection } from '../redisConnection.ts';

/** What each server of a cache tells of itself: one, or the primaries of a Cluster. */
export async function inspectServers(connection: RedisConnection): Promise<readonly CacheServer[]> {
  return connection.ask(async client => {
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    return Promise.all(
      nodes.map(async node => {
        const info = await node.info();
        const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
        const { host, port } = node.options;
        return {
          location: nodes.length > 1 ? `${connection.address} at ${host}:${port}` : connection.address,
          usedBytes: Number(field('used_memory')),
          maxBytes: Number(field('maxmemory')),
          commands: Number(field('total_commands_processed')),
          clients: Number(field('connected_clients')),
          eviction: field('maxmemory_policy'),
        };
      }),
    );
  });
}

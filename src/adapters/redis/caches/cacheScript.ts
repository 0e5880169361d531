import type { RedisConnection } from '../redisConnection.ts';
import { scriptText } from '../scripts.ts';

type Command = (count: number, ...args: readonly (string | number | Buffer)[]) => Promise<unknown>;

/** A script of `scripts/caches/`, with as many keys as it is given. */
export function cacheScript(connection: RedisConnection, name: 'put' | 'claim' | 'release') {
  const command = `memoryCentral_cache_${name}`;
  connection.define(command, `${scriptText('caches/tag')}\n${scriptText(`caches/${name}`)}`);
  return (keys: readonly string[], ...args: readonly (string | number | Buffer)[]): Promise<unknown> =>
    connection.ask(client =>
      (client as unknown as Record<string, Command>)[command]!(keys.length, ...keys, ...args),
    );
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RedisConnection } from './redisConnection.ts';

type Command = (...args: readonly (string | number | Uint8Array)[]) => Promise<unknown>;

/**
 * A Lua script of `scripts/`, called by its hash: two releases that share a server have two scripts, each its own.
 * @param keys how many of the arguments are keys; they come first
 */
export function script(connection: RedisConnection, name: string, keys: number): Command {
  const command = `memoryCentral_${name}`;
  connection.define(command, scriptText(name), keys);
  return (...args) =>
    connection.ask(client => (client as unknown as Record<string, Command>)[command]!(...args));
}

/** A file of `scripts/`, from source or beside the bundled program. */
export function scriptText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`./scripts/${name}.lua`, import.meta.url)), 'utf8');
}

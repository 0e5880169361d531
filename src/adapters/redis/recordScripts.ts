import type { RedisClient } from './connectRedis.ts';
import { scriptText } from './scripts.ts';

/** The files of each script in `scripts/records/`, put together in this order. */
const SCRIPTS = {
  putRecord: ['clock', 'putRecord'],
  removeRecord: ['removeRecord'],
  toolResult: ['toolResult'],
  appendLearning: ['clock', 'learning', 'appendLearning'],
  tendLearning: ['clock', 'learning'],
  publishEvent: ['clock', 'publishEvent'],
  heartbeat: ['heartbeat'],
  retireNode: ['retireNode'],
  addUsage: ['addUsage'],
  removeModel: ['removeModel'],
} as const;

export type RecordScript = keyof typeof SCRIPTS;
export type Argument = string | number | Uint8Array;

/** Called with the count of keys, the keys, the arguments. */
export type Callable = Record<string, (count: number, ...args: readonly Argument[]) => Promise<unknown>>;

/** Name of the command that a client, and a pipeline of it, have for the script. */
export function commandOf(script: RecordScript): string {
  return `memoryCentral_${script}`;
}

/** Makes the scripts known to the client, which calls them by their hash. */
export function defineRecordScripts(client: RedisClient): void {
  for (const [name, parts] of Object.entries(SCRIPTS))
    client.defineCommand(commandOf(name as RecordScript), {
      lua: parts.map(part => scriptText(`records/${part}`)).join('\n'),
    });
}

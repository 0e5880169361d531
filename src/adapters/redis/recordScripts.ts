import type { RedisConnection } from './redisConnection.ts';
import { scriptText } from './scripts.ts';

/** The files of each script in `scripts/records/`, put together in this order. */
const SCRIPTS = {
  putRecord: ['clock', 'putRecord'],
  removeRecord: ['removeRecord'],
  putWorking: ['clock', 'putWorking'],
  tidyWorking: ['tidyWorking'],
  toolResult: ['toolResult'],
  appendLearning: ['clock', 'learning', 'appendLearning'],
  tendLearning: ['clock', 'learning'],
  publishEvent: ['clock', 'publish', 'publishEvent'],
  heartbeat: ['clock', 'publish', 'heartbeat'],
  retireNode: ['clock', 'publish', 'retireNode'],
  activateModel: ['clock', 'publish', 'activateModel'],
  addUsage: ['addUsage'],
  removeModel: ['clock', 'publish', 'removeModel'],
  changeToken: ['changeToken'],
} as const;

export type RecordScript = keyof typeof SCRIPTS;
export type Argument = string | number | Uint8Array;

/** Called with the count of keys, the keys, the arguments. */
export type Callable = Record<string, (count: number, ...args: readonly Argument[]) => Promise<unknown>>;

/** Name of the command that a client, and a pipeline of it, have for the script. */
export function commandOf(script: RecordScript): string {
  return `memoryCentral_${script}`;
}

/** Makes the scripts known to the connection, which calls them by their hash. */
export function defineRecordScripts(connection: RedisConnection): void {
  for (const [name, parts] of Object.entries(SCRIPTS)) {
    const lua = parts.map(part => scriptText(`records/${part}`)).join('\n');
    connection.define(commandOf(name as RecordScript), lua);
  }
}

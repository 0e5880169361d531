import type { ChainableCommander } from 'ioredis';
import { checkText } from '../../../engine/memories/checkText.ts';
import type { RedisClient } from '../connectRedis.ts';
import {
  type Argument,
  type Callable,
  commandOf,
  defineRecordScripts,
  type RecordScript,
} from '../recordScripts.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { ScriptCalls } from '../scriptCalls.ts';

/** So many commands go out together; more would make Redis and this process hold all of them at once. */
const BATCH = 500;

/** The keys of one connection, and the ways in which records use them. Every call rejects with a `MemoryError`. */
export class RecordSpace {
  readonly #connection: RedisConnection;
  readonly #calls: ScriptCalls;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#calls = new ScriptCalls(connection);
    defineRecordScripts(connection);
  }

  key(name: string): string {
    return this.#connection.key(name);
  }

  async ask<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    return this.#connection.ask(work);
  }

  async script(name: RecordScript, keys: readonly string[], ...args: readonly Argument[]): Promise<unknown> {
    const [reply] = await this.scripts([[name, keys, args]]);
    return reply;
  }

  /** Each is atomic by itself; where one fails, the others are done all the same. */
  async scripts(
    calls: readonly (readonly [RecordScript, readonly string[], readonly Argument[]])[],
  ): Promise<readonly unknown[]> {
    for (const [, keys, args] of calls) guard(...keys, ...args);
    return this.batch(calls, (pipeline, [name, keys, args]) =>
      (pipeline as unknown as Callable)[commandOf(name)]!(keys.length, ...keys, ...args),
    );
  }

  /** Makes a Lua script known, which `changes` calls by its hash. */
  define(command: string, lua: string): void {
    this.#connection.define(command, lua);
  }

  /**
   * Calls a script once for each list of arguments; each is atomic by itself. It is done once a replica has what changed, where one would
   * take the place of the primary: rejects with `unavailable` when none says so in time, and the changes may be there all the same.
   */
  async changes(
    command: string,
    keys: readonly string[],
    calls: readonly (readonly Argument[])[],
  ): Promise<readonly unknown[]> {
    for (const args of calls) guard(...args);
    return Promise.all(calls.map(args => this.#calls.call(command, keys.length, ...keys, ...args)));
  }

  /** One reply for each item, in order. */
  async batch<T>(
    items: readonly T[],
    add: (pipeline: ChainableCommander, item: T) => unknown,
  ): Promise<readonly unknown[]> {
    return this.ask(async client => {
      const replies: unknown[] = [];
      for (let i = 0; i < items.length; i += BATCH) {
        const pipeline = client.pipeline();
        for (const item of items.slice(i, i + BATCH)) add(pipeline, item);
        for (const [error, reply] of (await pipeline.exec())!) {
          if (error) throw error;
          replies.push(reply);
        }
      }
      return replies;
    });
  }

  /**
   * What an index (zset) lists, last put first, without what is gone.
   * @param read the records of these members, undefined for one that is gone
   */
  async newest<T>(
    index: string,
    limit: number,
    read: (members: readonly string[]) => Promise<readonly (T | undefined)[]>,
  ): Promise<readonly T[]> {
    const found = new Map<string, T>();
    for (let start = 0; found.size < limit; start += limit) {
      const members = await this.ask(client => client.zrevrange(this.key(index), start, start + limit - 1));
      const records = await read(members);
      for (const [i, record] of records.entries())
        if (record !== undefined && found.size < limit) found.set(members[i]!, record);
      if (members.length < limit) break;
    }
    return [...found.values()];
  }
}

/** Refuses what would not be read as it was written, as the embedded store does. Throws `invalid_input`. */
export function guard(...values: readonly Argument[]): void {
  for (const value of values)
    if (typeof value === 'string') checkText('A value', value, Number.POSITIVE_INFINITY);
}

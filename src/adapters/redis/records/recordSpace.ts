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
import { translateRedis } from '../redisError.ts';

/** So many commands go out together; more would make Redis and this process hold all of them at once. */
const BATCH = 500;

/** The keys of one prefix on one Redis, and the ways in which records use them. Every call rejects with a `MemoryError`. */
export class RecordSpace {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #address: string;

  /** @param address without secrets */
  constructor(client: RedisClient, prefix: string, address: string) {
    this.#client = client;
    this.#prefix = prefix;
    this.#address = address;
    defineRecordScripts(client);
  }

  key(name: string): string {
    return `${this.#prefix}${name}`;
  }

  async ask<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      return await work(this.#client);
    } catch (error) {
      throw translateRedis(error, this.#address);
    }
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

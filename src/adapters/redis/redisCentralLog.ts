import { MemoryError } from '../../engine/errors.ts';
import type { CentralLog, OfferedVector } from '../../engine/ports/centralLog.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { CentralState, Change, LogEntry } from '../../engine/ports/replica.ts';
import { addressOf, createClient, type RedisClient, type RedisOptions } from './connectRedis.ts';
import { LogFollower } from './logFollower.ts';
import { BLOCK_MS } from './readStream.ts';
import { translateRedis } from './redisError.ts';
import { script } from './scripts.ts';

/** Entries that are kept for those who were away; who is further behind starts from the memories' state. */
const KEPT = 100_000;

const HASH_CHARS = 64;

export interface RedisCentralLogOptions extends RedisOptions {
  /** Before every key. */
  readonly prefix: string;
  readonly newId: () => string;
  /** For tests; default 100,000. */
  readonly keptEntries?: number;
  readonly logger: Logger;
}

/**
 * The log in Redis, which may be out of reach yet: a stream whose ids are `<position>-0`, its position, and one hash a memory with its fields as text.
 * A change is one script, so that it is whole or not there.
 */
export function openRedisCentralLog(options: RedisCentralLogOptions): CentralLog {
  return new RedisCentralLog(createClient(options), options);
}

class RedisCentralLog implements CentralLog {
  readonly address: string;
  readonly #client: RedisClient;
  readonly #options: RedisCentralLogOptions;
  readonly #append: ReturnType<typeof script>;
  readonly #after: ReturnType<typeof script>;
  readonly #states: ReturnType<typeof script>;
  readonly #followers = new Set<LogFollower>();
  #connecting: Promise<void> | undefined;
  #reason: unknown;
  #id: string | undefined;

  constructor(client: RedisClient, options: RedisCentralLogOptions) {
    this.address = addressOf(options);
    this.#client = client;
    this.#options = options;
    this.#append = script(client, 'append', 3);
    this.#after = script(client, 'after', 2);
    this.#states = script(client, 'states', 2);
    // It connects again by itself; what a call then says is why it could not.
    client.on('error', error => {
      this.#reason = error;
    });
    client.on('ready', () => {
      this.#reason = undefined;
    });
  }

  async id(): Promise<string> {
    this.#id ??= await this.#ask(async client => {
      await client.setnx(this.#key('store:id'), this.#options.newId());
      return (await client.get(this.#key('store:id')))!;
    });
    return this.#id;
  }

  async append(changes: readonly Change[], position: number): Promise<boolean> {
    const args = changes.flatMap(change => this.#argumentsOf(change));
    const appended = await this.#ask(() =>
      this.#append(
        this.#key('operations'),
        this.#key('operations:position'),
        this.#key('memories'),
        position,
        this.#options.keptEntries ?? KEPT,
        ...args,
      ),
    );
    if (appended !== 1) return false;
    await this.#confirm();
    return true;
  }

  /**
   * Where Sentinels would put a replica in the primary's place, a change counts once a replica has it. Rejects with `unavailable` when none
   * says so in time: the change may be there all the same, and is known by its id then.
   */
  async #confirm(): Promise<void> {
    if (this.#options.sentinels.length === 0) return;
    const confirmed = await this.#ask(client => client.wait(1, Math.floor(this.#options.deadlineMs / 2)));
    if (confirmed > 0) return;
    throw new MemoryError(
      'unavailable',
      `No replica of ${this.address} confirmed the change.`,
      'See that a replica is connected to the primary; the change waits here until then.',
    );
  }

  async after(position: number, limit: number): Promise<readonly LogEntry[] | undefined> {
    const [head, found] = (await this.#ask(() =>
      this.#after(this.#key('operations'), this.#key('operations:position'), position, limit),
    )) as [number, [string, [string, string]][]];
    const entries = found.map(([id, [, entry]]) => ({ position: Number.parseInt(id, 10), entry }));
    if (head < position) throw wentBack(this.address, position, head);
    const next = entries[0]?.position ?? head + 1;
    return next === position + 1 ? entries : undefined;
  }

  async statesAfter(
    position: number,
    limit: number,
  ): Promise<{ head: number; states: readonly CentralState[] }> {
    const [head, found] = (await this.#ask(() =>
      this.#states(
        ...[this.#key('operations:position'), this.#key('memories')],
        ...[position, limit, this.#key('memory:'), ':versions'],
      ),
    )) as [number, [string, string[], string[]][]];
    const states = found.map(([at, fields, versions]) => ({
      position: Number(at),
      state: Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]!]] : []))),
      versions,
    }));
    return { head, states };
  }

  async vectors(model: string, ids: readonly string[]): Promise<readonly (OfferedVector | undefined)[]> {
    const found = await this.#ask(client => {
      const pipeline = client.pipeline();
      for (const id of ids) pipeline.hgetBuffer(this.#key(`memory:${id}:vectors`), model);
      return pipeline.exec();
    });
    return ids.map((_, i) => {
      const [error, bytes] = found?.[i] ?? [];
      return error || !bytes ? undefined : unpackVector(bytes as Buffer);
    });
  }

  async offerVectors(
    model: string,
    vectors: readonly (OfferedVector & { readonly id: string })[],
  ): Promise<void> {
    await this.#ask(client => {
      const pipeline = client.pipeline();
      for (const one of vectors) {
        pipeline.hset(this.#key(`memory:${one.id}:vectors`), model, packVector(one));
      }
      return pipeline.exec();
    });
  }

  watch(position: () => Promise<number>, onChange: () => void): Disposable {
    const { logger } = this.#options;
    const follower = new LogFollower(
      // It waits for news that long before it is answered.
      createClient({ ...this.#options, deadlineMs: BLOCK_MS + this.#options.deadlineMs }),
      this.#key('operations'),
      position,
      onChange,
      logger,
    );
    this.#followers.add(follower);
    return {
      [Symbol.dispose]: () => {
        this.#followers.delete(follower);
        follower[Symbol.dispose]();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const follower of this.#followers) follower[Symbol.dispose]();
    this.#followers.clear();
    this.#client.disconnect();
  }

  #argumentsOf({ entry, memoryId, state, replaced }: Change): (string | number)[] {
    const memory = this.#key(`memory:${memoryId}`);
    const fields = Object.entries(state);
    return [
      ...[entry, memoryId, memory, `${memory}:versions`],
      ...[fields.length, ...fields.flat()],
      ...[replaced.length, ...replaced.flat()],
    ];
  }

  #key(name: string): string {
    const { clusterNodes, prefix } = this.#options;
    // A script works on one slot of a Cluster.
    const slot = clusterNodes.length > 0 && !/\{.+\}/.test(prefix) ? '{mc}:' : '';
    return `${slot}${prefix}${name}`;
  }

  async #ask<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      this.#connecting ??= this.#client.connect();
      await this.#connecting.catch(() => {});
      return await work(this.#client);
    } catch (error) {
      throw translateRedis(this.#reason ?? error, this.address);
    }
  }
}

function wentBack(address: string, position: number, head: number): MemoryError {
  return new MemoryError(
    'conflict',
    `The log of ${address} went back from ${position} to ${head}: it has lost changes that this machine has seen.`,
    'Restore its data from a backup, or remove the replica file of this machine to start from what Redis has.',
  );
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

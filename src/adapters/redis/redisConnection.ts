import type { ConnectionAttempt } from './connectionAttempt.ts';
import { addressOf, attemptOf, createClient, type RedisClient, type RedisOptions } from './connectRedis.ts';
import { translateRedis } from './redisError.ts';

/** How often it is looked whether a Cluster has got replicas. */
const LOOK_AGAIN_MS = 10_000;

export interface RedisConnectionOptions extends RedisOptions {
  /** Before every key and channel; on a Cluster one without a hash tag gets `{mc}:` before it, since a script works on one slot. */
  readonly prefix: string;
}

/**
 * The one connection of a process to the central Redis, made at the first question and made again by itself when it was lost. What uses
 * it shares it; whoever opened it disposes of it last.
 */
export class RedisConnection implements AsyncDisposable {
  /** Where it is, without secrets. */
  readonly address: string;
  readonly options: RedisConnectionOptions;
  readonly #client: RedisClient;
  readonly #start: string;
  readonly #attempt: ConnectionAttempt;
  #connecting: Promise<void> | undefined;
  #replicated = false;
  #lookAgainAt = 0;

  /** Throws `invalid_input` for options that contradict each other. */
  constructor(options: RedisConnectionOptions) {
    const { clusterNodes, prefix } = options;
    this.address = addressOf(options);
    this.options = options;
    this.#start = clusterNodes.length > 0 && !/\{.+\}/.test(prefix) ? `{mc}:${prefix}` : prefix;
    this.#client = createClient(options);
    this.#attempt = attemptOf(this.#client, options);
  }

  /** Whether a replica would take the place of a primary that dies; in a Cluster as its nodes say, once one has been seen for good. */
  async isReplicated(): Promise<boolean> {
    const { clusterNodes, sentinels } = this.options;
    if (sentinels.length > 0) return true;
    if (clusterNodes.length === 0 || this.#replicated) return this.#replicated;
    const now = performance.now();
    if (now < this.#lookAgainAt) return false;
    this.#lookAgainAt = now + LOOK_AGAIN_MS;
    const nodes = (await this.ask(client => client.cluster('NODES'))) as string;
    this.#replicated = /^\S+ \S+ (?:myself,)?slave/m.test(nodes);
    return this.#replicated;
  }

  /** Name of a key or channel as it is in Redis. */
  key(name: string): string {
    return `${this.#start}${name}`;
  }

  /** Makes a Lua script known, called by its hash as a command of this name, also in a pipeline. Without `keys` their number is its first argument. */
  define(command: string, lua: string, keys?: number): void {
    this.#client.defineCommand(command, { lua, ...(keys !== undefined && { numberOfKeys: keys }) });
  }

  /** Rejects with `unavailable`, and why, when Redis does not answer within the deadline. */
  async ask<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    try {
      this.#connecting ??= this.#attempt.connect();
      await this.#connecting.catch(() => {});
      const answer = await work(this.#client);
      // A pipeline without a connection gives as many errors, and does not fail.
      if (this.#client.status === 'ready') this.#attempt.answered();
      return answer;
    } catch (error) {
      throw translateRedis(this.#attempt.explain(error), this.address);
    }
  }

  /**
   * Another client for the same place, not connected yet; whoever asked for it disconnects it.
   * @param extraMs how much longer than others it may wait for an answer
   */
  newClient(extraMs = 0): RedisClient {
    return createClient({ ...this.options, deadlineMs: this.options.deadlineMs + extraMs });
  }

  /** Another client for the same place, whose commands wait for a connection; whoever asked for it disconnects it. */
  newPatientClient(): RedisClient {
    return createClient(this.options, { patient: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.disconnect();
  }
}

import { MemoryError } from '../../engine/errors.ts';
import type { Argument, Callable } from './recordScripts.ts';
import type { RedisConnection } from './redisConnection.ts';

/** So many go out together: more would make Redis and this process wait for each other by turns. */
const TOGETHER = 20;

interface Call {
  readonly command: string;
  readonly args: readonly Argument[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Scripts that change something. Those that are called within one turn of the event loop go out together: one write to the socket, one
 * flush of the server's disk, one wait for a replica. Each is atomic by itself, and fails by itself.
 */
export class ScriptCalls {
  readonly #connection: RedisConnection;
  #waiting: Call[] = [];

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /**
   * Resolves once a replica has the change, where one would take the place of the primary; rejects with `unavailable` when none says so in
   * time: the change may be there all the same.
   * @param args the count of keys, the keys, the arguments
   */
  call(command: string, ...args: readonly Argument[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, args, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const calls = this.#waiting;
    this.#waiting = [];
    for (let i = 0; i < calls.length; i += TOGETHER) void this.#settle(calls.slice(i, i + TOGETHER));
  }

  async #settle(calls: readonly Call[]): Promise<void> {
    try {
      const replies = await this.#ask(calls);
      for (const [i, { resolve, reject }] of calls.entries()) {
        const [error, reply] = replies[i]!;
        if (error) reject(await this.#translated(error));
        else resolve(reply);
      }
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }

  async #ask(calls: readonly Call[]): Promise<readonly [error: Error | null, reply: unknown][]> {
    const replicated = await this.#connection.isReplicated();
    return this.#connection.ask(async client => {
      const pipeline = client.pipeline();
      const scripts = pipeline as unknown as Callable;
      for (const { command, args } of calls) scripts[command]!(...(args as [number, ...Argument[]]));
      if (replicated) pipeline.wait(1, Math.floor(this.#connection.options.deadlineMs / 2));
      const replies = (await pipeline.exec())!;
      const [, replicas] = replicated ? replies.at(-1)! : [null, 1];
      if (replicas === 0) throw this.#unconfirmed();
      return replies;
    });
  }

  /** In the words of the connection. */
  async #translated(error: Error): Promise<unknown> {
    return this.#connection.ask(() => Promise.reject(error)).catch((translated: unknown) => translated);
  }

  #unconfirmed(): MemoryError {
    return new MemoryError(
      'unavailable',
      `No replica of ${this.#connection.address} confirmed the change.`,
      'See that a replica is connected to the primary, and do it again.',
    );
  }
}

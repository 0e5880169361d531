import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { Cluster, type Redis } from 'ioredis';
import { within } from '../../engine/within.ts';
import { textOf } from './redisError.ts';

/** What the client says where it does not tell what it was told. */
const VAGUE = /^All sentinels|Connection is closed|refresh slots cache/;

const UNWRITABLE = /^Stream isn't writeable/;

export interface AttemptOptions {
  /** Longest wait for the connection, ms. */
  readonly deadlineMs: number;
  /** The Sentinels or nodes that are named, where TLS is spoken with them. */
  readonly tlsNodes: readonly ConnectionOptions[];
}

/** Connects a client, and knows why it has no connection: a call learns only that it is closed, the reason is told beside it. */
export class ConnectionAttempt {
  readonly #client: Redis | Cluster;
  readonly #options: AttemptOptions;
  #reason: Error | undefined;
  /** Redis itself gave it, in the attempt that is under way. */
  #wasSaid = false;

  constructor(client: Redis | Cluster, options: AttemptOptions) {
    this.#client = client;
    this.#options = options;
    client.on('connecting', () => {
      this.#wasSaid = false;
    });
    client.on('sentinelError', (error: Error) => this.#remember(error));
    client.on('error', (error: Error) => this.#remember(error));
  }

  /** What Redis answered to a call; else why there is no connection, not that there is none. */
  explain(error: unknown): unknown {
    if (!(error instanceof Error) || error.name === 'ReplyError') return error;
    // Redis has just closed it, and the client has not noticed.
    const isClosed = this.#client.status === 'ready' && UNWRITABLE.test(error.message);
    return this.#reason ?? (isClosed ? new Error('Connection is closed.', { cause: error }) : error);
  }

  /** A call was answered. */
  answered(): void {
    this.#reason = undefined;
  }

  /** Connects the first time. Rejects within the deadline, also where the client goes on trying by itself. */
  async connect(): Promise<void> {
    try {
      await connectsWithin(this.#connect(), this.#options.deadlineMs);
    } catch (error) {
      this.#reason ??= error as Error;
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const client = this.#client;
    try {
      await Promise.race([client.connect(), rejectOnVague(client)]);
    } catch (error) {
      if (isVague(this.#reason ?? (error as Error))) this.#reason = (await this.#distrust()) ?? this.#reason;
      throw error;
    }
    // While a node of a Cluster is being connected only the first command for it would be taken.
    if (client instanceof Cluster) await Promise.allSettled(client.nodes('master').map(node => node.ping()));
  }

  #remember(error: Error): void {
    if (this.#reason !== undefined && isVague(error)) return;
    const said = error.name === 'ReplyError' || error.message.startsWith('Command queue state error');
    // What Redis said tells more than that it then closed.
    if (this.#wasSaid && !said) return;
    this.#reason = error;
    this.#wasSaid = said;
  }

  /** Why one of several certificates is not trusted; of that the client tells nothing. */
  async #distrust(): Promise<Error | undefined> {
    for (const node of this.#options.tlsNodes) {
      const problem = await tlsProblem(node);
      if (problem !== undefined && /certificate|altname/i.test(problem.message)) return problem;
    }
    return undefined;
  }
}

/** Rejects when it takes longer. */
export function connectsWithin<T>(work: Promise<T>, ms: number): Promise<T> {
  return within(work, ms, () => {
    throw new Error(`no connection within ${ms} ms`);
  });
}

function isVague(error: Error): boolean {
  const text = textOf(error);
  return VAGUE.test(text) && !/NOAUTH|WRONGPASS|NOPERM|cluster support/.test(text);
}

/** By Sentinels the client does not say that it failed, but begins again and again. */
function rejectOnVague(client: Redis | Cluster): Promise<never> {
  return new Promise((_, reject) => {
    client.on('error', (error: Error) => error.message.startsWith('All sentinels') && reject(error));
  });
}

function tlsProblem(node: ConnectionOptions): Promise<Error | undefined> {
  return new Promise(resolve => {
    const socket = connectTls(node);
    const end = (problem?: Error) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('secureConnect', () => end());
    socket.once('error', end);
    socket.setTimeout(node.timeout ?? 0, () => end());
  });
}

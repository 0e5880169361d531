import { readFileSync } from 'node:fs';
import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';
import { MemoryError } from '../../engine/errors.ts';
import { endpointOf, hostAndPort } from './redisEndpoint.ts';
import { translateRedis } from './redisError.ts';

/** What an operator sees in CLIENT LIST. */
const NAME = 'memory-central';

export type RedisClient = Redis | Cluster;

export interface RedisOptions {
  /** `redis://` or `rediss://` with user, password, host, port and database; empty: host and port. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username: string;
  readonly password: string;
  readonly tls: boolean;
  /** File with the certificate of the authority that signed the server's; empty: the system's authorities. */
  readonly caFile: string;
  /** `host:port` of each Sentinel; empty: none. */
  readonly sentinels: readonly string[];
  readonly sentinelName: string;
  /** `host:port` of some nodes of a Cluster; empty: none. */
  readonly clusterNodes: readonly string[];
  /** Longest wait for an answer, ms. */
  readonly deadlineMs: number;
}

/**
 * A connection that answers or fails within the deadline, and is made again by itself when it was lost. Rejects with `unavailable` when
 * there is none in time, `invalid_input` for options that contradict each other.
 */
export async function connectRedis(options: RedisOptions): Promise<RedisClient> {
  const client = createClient(options);
  // The call only learns that the connection is closed; why is told beside it.
  let reason: Error | undefined;
  const remember = (error: Error) => {
    // What Redis said tells more than that it then closed, and what a Sentinel said more than that all were asked.
    const wasSaid = reason?.name === 'ReplyError' || reason?.message.startsWith('Command queue state error');
    if (!wasSaid && (reason === undefined || !error.message.startsWith('All sentinels'))) reason = error;
  };
  client.on('sentinelError', remember);
  client.on('error', remember);
  try {
    await within(client.connect(), options.deadlineMs);
    await within(ask(client), options.deadlineMs);
    return client;
  } catch (error) {
    client.disconnect();
    throw translateRedis(reason ?? error, addressOf(options));
  }
}

/** Where it is, without secrets. */
export function addressOf(options: RedisOptions): string {
  if (options.clusterNodes.length > 0) return `redis cluster ${options.clusterNodes.join(', ')}`;
  if (options.sentinels.length > 0)
    return `redis ${options.sentinelName} by sentinels ${options.sentinels.join(', ')}`;
  const { tls, host, port, db } = endpointOf(options);
  return `${tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}/${db}`;
}

/** A client that connects at its first command, or when it is told to. Its errors are told by each call. */
export function createClient(options: RedisOptions): RedisClient {
  const client = createFor(options);
  if (client instanceof Redis) {
    // The client's own way of giving its name keeps a refusal of the connection to itself.
    client.on('ready', () => {
      client.client('SETNAME', NAME).catch(error => client.emit('error', error));
    });
  }
  client.on('error', (error: Error & { command?: { name: string } }) => {
    // Without its database it would write into another's.
    if (error.command?.name === 'select') client.disconnect(true);
  });
  return client;
}

/** Every node of a Cluster too: while one is being connected only the first command for it would be taken. */
async function ask(client: RedisClient): Promise<void> {
  if (client instanceof Cluster) await Promise.allSettled(client.nodes('master').map(node => node.ping()));
  await client.ping();
}

function createFor(options: RedisOptions): RedisClient {
  const { host, port, db, username, password, tls } = endpointOf(options);
  const tlsOptions = tls ? { tls: options.caFile === '' ? {} : { ca: readCa(options.caFile) } } : {};
  const common = {
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...tlsOptions,
    disableClientInfo: true,
    // One shape of replies, whatever the server speaks.
    protocol: 2,
    connectTimeout: options.deadlineMs,
    commandTimeout: options.deadlineMs,
    // A half-open socket is given up with the first command that is not answered, not after the system's minutes.
    socketTimeout: options.deadlineMs,
    keepAlive: 5_000,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // It would ask for INFO, which a user need not be allowed; a server that still loads says so by itself.
    enableReadyCheck: false,
  } satisfies CommonRedisOptions;
  const single = {
    ...common,
    db,
    // Nothing waits in a queue of ours: what cannot be sent now fails now, and the caller decides.
    enableOfflineQueue: false,
    retryStrategy: reconnectDelay,
    lazyConnect: true,
  };
  if (options.clusterNodes.length > 0) {
    if (db !== 0)
      throw new MemoryError('invalid_input', 'A Redis Cluster has database 0 only.', 'Set REDIS_DB to 0.');
    return new Cluster(options.clusterNodes.map(hostAndPort), {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectDelay,
      slotsRefreshTimeout: options.deadlineMs,
      // What was sent to a node that went may have been done: nothing is sent twice.
      retryDelayOnFailover: 0,
      redisOptions: { ...common, connectionName: NAME },
    });
  }
  if (options.sentinels.length === 0) return new Redis({ ...single, host, port });
  // One that does not answer leaves time to ask the others.
  const share = Math.ceil(options.deadlineMs / (options.sentinels.length + 1));
  return new Redis({
    ...single,
    sentinels: options.sentinels.map(hostAndPort),
    name: options.sentinelName,
    connectTimeout: share,
    sentinelCommandTimeout: share,
    ...(tls && { sentinelTLS: tlsOptions.tls, enableTLSForSentinelMode: true }),
    // INFO tells whether the one that the Sentinels named is a primary; one that became a replica says READONLY.
    enableReadyCheck: true,
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
}

function reconnectDelay(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 6), 2_000) * (0.5 + Math.random() / 2);
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `The certificate ${path} cannot be read: ${(error as Error).message}.`,
      'Set REDIS_CA_FILE to a readable file in PEM.',
      { cause: error },
    );
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no connection within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

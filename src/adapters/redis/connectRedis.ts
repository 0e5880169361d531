import { readFileSync } from 'node:fs';
import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';
import { MemoryError } from '../../engine/errors.ts';
import { ConnectionAttempt, connectsWithin } from './connectionAttempt.ts';
import { endpointOf, hostAndPort } from './redisEndpoint.ts';
import { translateRedis } from './redisError.ts';

/** What an operator sees in CLIENT LIST. */
const NAME = 'memory-central';
/** A socket is given up when a command, one that blocks for 10 s too, was not answered for so long. */
const PATIENCE_MS = 30_000;

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
  /** Of the Sentinels themselves; empty: the default user, no password. */
  readonly sentinelUsername: string;
  readonly sentinelPassword: string;
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
  const attempt = attemptOf(client, options);
  try {
    await attempt.connect();
    await connectsWithin(client.ping(), options.deadlineMs);
    return client;
  } catch (error) {
    client.disconnect();
    throw translateRedis(attempt.explain(error), addressOf(options));
  }
}

/** How a client gets its connection, and why it has none. */
export function attemptOf(client: RedisClient, options: RedisOptions): ConnectionAttempt {
  const { tls } = commonOptions(options);
  const { deadlineMs: timeout } = options;
  const named = tls ? [...options.sentinels, ...options.clusterNodes] : [];
  const tlsNodes = named.map(node => ({ ...tls, ...hostAndPort(node), timeout }));
  return new ConnectionAttempt(client, { deadlineMs: options.deadlineMs, tlsNodes });
}

/** Where it is, without secrets. */
export function addressOf(options: RedisOptions): string {
  if (options.clusterNodes.length > 0) return `redis cluster ${options.clusterNodes.join(', ')}`;
  if (options.sentinels.length > 0)
    return `redis ${options.sentinelName} by sentinels ${options.sentinels.join(', ')}`;
  const { tls, host, port, db } = endpointOf(options);
  return `${tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}/${db}`;
}

/**
 * A client that connects at its first command, or when it is told to. Its errors are told by each call.
 * @param patient it connects at once; what it is told waits until there is a connection, and for its answer, however long that takes.
 *   Default false
 */
export function createClient(options: RedisOptions, { patient = false } = {}): RedisClient {
  const client = createFor(options, patient);
  if (client instanceof Redis) {
    // The client's own way of giving its name keeps a refusal of the connection to itself.
    client.on('ready', () => {
      client.client('SETNAME', NAME).catch((error: Error) => {
        // Whoever may not give it a name may use it all the same.
        if (!error.message.startsWith('NOPERM')) client.emit('error', error);
      });
    });
  }
  client.on('error', (error: Error & { command?: { name: string } }) => {
    // Without its database it would write into another's.
    if (error.command?.name === 'select') client.disconnect(true);
  });
  return client;
}

function createFor(options: RedisOptions, patient: boolean): RedisClient {
  const { host, port, db } = endpointOf(options);
  const common = { ...commonOptions(options), ...waitingOptions(options, patient) };
  const { tls } = common;
  const single = {
    ...common,
    db,
    enableOfflineQueue: patient,
    retryStrategy: reconnectDelay,
    lazyConnect: !patient,
  };
  if (options.clusterNodes.length > 0) {
    if (db !== 0)
      throw new MemoryError('invalid_input', 'A Redis Cluster has database 0 only.', 'Set REDIS_DB to 0.');
    return new Cluster(options.clusterNodes.map(hostAndPort), {
      lazyConnect: !patient,
      enableOfflineQueue: patient,
      // It would ask for CLUSTER INFO; one that is not whole says so by itself.
      enableReadyCheck: false,
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
    ...(options.sentinelUsername !== '' && { sentinelUsername: options.sentinelUsername }),
    ...(options.sentinelPassword !== '' && { sentinelPassword: options.sentinelPassword }),
    connectTimeout: share,
    sentinelCommandTimeout: share,
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    // INFO tells whether the one that the Sentinels named is a primary; one that became a replica says READONLY.
    enableReadyCheck: true,
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
}

/** What holds for every connection, to whichever node. */
function commonOptions(options: RedisOptions) {
  const { username, password, tls } = endpointOf(options);
  return {
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls && { tls: options.caFile === '' ? {} : { ca: readCa(options.caFile) } }),
    disableClientInfo: true,
    // One shape of replies, whatever the server speaks.
    protocol: 2,
    connectTimeout: options.deadlineMs,
    keepAlive: 5_000,
    // It would ask for INFO, which a user need not be allowed; a server that still loads says so by itself.
    enableReadyCheck: false,
  } satisfies CommonRedisOptions;
}

/** What becomes of a command that cannot be sent, or is not answered. */
function waitingOptions({ deadlineMs }: RedisOptions, patient: boolean) {
  if (patient)
    return {
      socketTimeout: PATIENCE_MS,
      maxRetriesPerRequest: null,
      autoResendUnfulfilledCommands: true,
      // A server that still loads would refuse what could wait.
      enableReadyCheck: true,
    };
  return {
    commandTimeout: deadlineMs,
    // A half-open socket is given up with the first command that is not answered, not after the system's minutes.
    socketTimeout: deadlineMs,
    // Nothing waits in a queue of ours: what cannot be sent now fails now, and the caller decides.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  };
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

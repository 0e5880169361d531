import { Cluster, type Redis } from 'ioredis';
import { MemoryError } from '../../engine/errors.ts';
import { addressOf, connectRedis, type RedisClient, type RedisOptions } from './connectRedis.ts';
import { endpointOf } from './redisEndpoint.ts';
import { translateRedis } from './redisError.ts';
import { describeRedis, type RedisContent, type RedisProblem, redisProblems } from './redisProblems.ts';

export interface RedisInspection {
  /** What it is, for a person. */
  readonly summary: string;
  readonly problems: readonly RedisProblem[];
}

interface Node {
  readonly client: Redis;
  readonly host: string;
  readonly port: number;
}

/** Asks a Redis, or each primary of a Cluster, what it is and what is wrong with it. Rejects with `unavailable` when it cannot be used. */
export async function inspectRedis(
  options: RedisOptions,
  holds: RedisContent = 'memories',
): Promise<RedisInspection> {
  const address = addressOf(options);
  const client = await connectRedis(options);
  try {
    const nodes = await nodesOf(client, options);
    const found = await Promise.all(nodes.map(node => inspectNode(node, options, holds)));
    const named = nodes.flatMap(({ host, port }, i) =>
      found[i]!.problems.map(({ problem, ...others }) => ({
        problem: nodes.length > 1 ? `${host}:${port}: ${problem}` : problem,
        ...others,
      })),
    );
    return { summary: `${address} is ${found[0]!.summary}`, problems: named };
  } catch (error) {
    throw translateRedis(error, address);
  } finally {
    client.disconnect();
  }
}

async function nodesOf(client: RedisClient, options: RedisOptions): Promise<readonly Node[]> {
  if (client instanceof Cluster)
    return client
      .nodes('master')
      .map(node => ({ client: node, host: node.options.host!, port: node.options.port! }));
  if (options.sentinels.length === 0) {
    const { host, port } = endpointOf(options);
    return [{ client, host, port }];
  }
  // Sentinels named it; this connection knows where it ended.
  const { remoteAddress: host = '', remotePort: port = 0 } = client.stream as {
    remoteAddress?: string;
    remotePort?: number;
  };
  return [{ client, host, port }];
}

async function inspectNode(
  { client, host, port }: Node,
  options: RedisOptions,
  holds: RedisContent,
): Promise<RedisInspection> {
  const text = await client.info().catch(untold);
  if (typeof text !== 'string') return text;
  const info = parseInfo(text);
  const open = (await letsAnybodyIn(client, options)) && (await isReachable(client, host));
  const [save, appendfsync] = [await config(client, 'save'), await config(client, 'appendfsync')];
  const replicated = options.sentinels.length > 0 || options.clusterNodes.length > 0;
  const cli = commandLine(host, port, options);
  const password = endpointOf(options).password !== '';
  return {
    summary: describeRedis(info),
    problems: redisProblems({ info, save, appendfsync, replicated, open, cli, password, holds }),
  };
}

/** Whoever may not ask may still store and recall. */
function untold(error: Error): RedisInspection {
  const translated = translateRedis(error, 'it');
  if (!error.message.startsWith('NOPERM') || !MemoryError.is(translated)) throw error;
  const { message, fix } = translated;
  return {
    summary: 'a Redis that may not be asked',
    problems: [{ problem: message.replace(/\.$/, ''), fix }],
  };
}

function commandLine(host: string, port: number, options: RedisOptions): string {
  const { username, tls } = endpointOf(options);
  return [
    `redis-cli -h ${host} -p ${port}`,
    ...(tls ? ['--tls'] : []),
    ...(options.caFile === '' ? [] : [`--cacert ${quoted(options.caFile)}`]),
    ...(username === '' ? [] : [`--user ${quoted(username)}`]),
  ].join(' ');
}

function quoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^([^#:]+):(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    // Modules are several lines of one name.
    fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value!);
  }
  return fields;
}

/** Whether the default user needs no password; where that may not be asked, whether none was given. */
async function letsAnybodyIn(client: Redis, options: RedisOptions): Promise<boolean> {
  try {
    const user = (await client.acl('GETUSER', 'default')) as unknown[] | null;
    const flags = user?.[user.indexOf('flags') + 1];
    return Array.isArray(flags) && flags.includes('nopass') && flags.includes('on');
  } catch {
    return endpointOf(options).password === '';
  }
}

/** Whether other machines reach it: this one does over the network, or it listens there and is not in protected mode. */
async function isReachable(client: Redis, host: string): Promise<boolean> {
  if (!isLoopback(host)) return true;
  const [bind, protectedMode] = [await config(client, 'bind'), await config(client, 'protected-mode')];
  if (bind === undefined || protectedMode !== 'no') return false;
  return bind.split(/\s+/).some(address => !isLoopback(address.replace(/^-/, '')));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** undefined where it may not be asked, as at most that are rented. */
async function config(client: Redis, name: string): Promise<string | undefined> {
  try {
    return ((await client.config('GET', name)) as string[])[1];
  } catch {
    return undefined;
  }
}

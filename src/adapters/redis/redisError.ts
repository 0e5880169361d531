import { MemoryError } from '../../engine/errors.ts';

type Telling = string | ((match: RegExpExecArray, address: string) => string);

/** What Redis, the network, TLS or the client say, by a part of it, in words that tell what to do; the first that fits. */
const KNOWN: readonly (readonly [RegExp, Telling, Telling, 'bad credentials'?])[] = [
  [
    /No such master|got an invalid reply/,
    'is a name that the Sentinels do not know',
    'Set REDIS_SENTINEL_NAME to what their configuration monitors.',
  ],
  [
    /sentinels? .*NOAUTH/,
    'has Sentinels that want a password',
    'Set REDIS_SENTINEL_PASSWORD.',
    'bad credentials',
  ],
  [
    /sentinels? .*(WRONGPASS|without any password configured)/,
    'has Sentinels that refused the password',
    'Correct REDIS_SENTINEL_PASSWORD and REDIS_SENTINEL_USERNAME.',
    'bad credentials',
  ],
  [
    /sentinels? .*NOPERM.*'([\w|-]+)' command/,
    ([, command]) => `has Sentinels that do not let this user run ${wordsOf(command!)}`,
    ([, command]) => `Allow it on each Sentinel: redis-cli ACL SETUSER <user> +${command}`,
  ],
  [
    /failed to connect to sentinel|All sentinels/,
    'cannot be found: no Sentinel answers',
    'Correct REDIS_SENTINELS, or start them; set REDIS_TLS where they want TLS, and only there.',
  ],
  [
    /WRONGPASS|invalid (username-password|password)|called without any password configured/i,
    'refused the password',
    'Correct REDIS_PASSWORD and REDIS_USERNAME, or what REDIS_URL says.',
    'bad credentials',
  ],
  [/NOAUTH/, 'wants a password', 'Set REDIS_PASSWORD, or put it into REDIS_URL.', 'bad credentials'],
  [
    /NOPERM.*'([\w|-]+)' command/,
    ([, command]) => `does not let this user run ${wordsOf(command!)}`,
    ([, command]) => `Allow it: redis-cli ACL SETUSER <user> +${command}`,
  ],
  [
    /user executing the script can't run/,
    'does not let this user run a command that is needed',
    'See which: redis-cli ACL LOG 1; and allow what docs/operations.md lists.',
  ],
  [
    /NOPERM|user executing the script can't/,
    'does not let this user touch our keys',
    "Allow them: redis-cli ACL SETUSER <user> '~*' '&*', or with REDIS_PREFIX before the *.",
  ],
  [
    /OOM command not allowed/,
    'is full',
    'Raise its limit: redis-cli CONFIG SET maxmemory 4gb; or forget what is not needed.',
  ],
  [
    /READONLY/,
    'is a replica, which takes no writes',
    'Give the address of the primary, or set REDIS_SENTINELS.',
  ],
  [/MISCONF/, 'cannot save to its disk and takes no writes', 'See its log; make room on its disk.'],
  [/LOADING/, 'is still loading its data', 'Try again in a moment.'],
  [/max number of clients/, 'takes no more connections', 'Raise it: redis-cli CONFIG SET maxclients 10000'],
  [
    /DENIED/,
    'takes connections from its own machine only',
    'Give it a password (requirepass), and set REDIS_PASSWORD.',
  ],
  [
    /NOREPLICAS/,
    'has too few replicas to take a change',
    'See that a replica is connected to the primary; the change waits until then.',
  ],
  [/^(BUSY|TRYAGAIN|MASTERDOWN|IOERR)\b/, 'cannot do it at the moment', 'See its log, and try again.'],
  [/CLUSTERDOWN/, 'is a Cluster that is not whole', 'See redis-cli CLUSTER INFO.'],
  [/MOVED/, 'is a node of a Cluster', 'Set REDIS_CLUSTER to host:port of some of its nodes.'],
  [/cluster support disabled/, 'is no Cluster', 'Set REDIS_URL instead of REDIS_CLUSTER.'],
  [/DB index is out of range|invalid DB index/i, 'has no such database', 'Set REDIS_DB to a lower number.'],
  [
    /unknown command .?FT\./i,
    'has no RediSearch',
    'Use a Redis with RediSearch (deploy/compose.yaml has one), or leave MEMORY_SEARCH_PLACE unset.',
  ],
  [
    /unknown (sub)?command/i,
    'does not know a command that is needed',
    'Use Redis 7 or newer, and the address of a Redis: Sentinels belong into REDIS_SENTINELS.',
  ],
  [
    /WRONGTYPE( \S+ is a)?/,
    ([said]) => `holds a key of another type where one of ours belongs${said.slice(9).replace(/ is a$/, '')}`,
    'Rename it (redis-cli --scan, TYPE, RENAME), or set REDIS_PREFIX to a prefix of your own.',
  ],
  [/acl_check_cmd/, 'is too old', 'Install Redis 7 or newer.'],
  [
    /attempt to \w+ |equal or smaller than the target stream/,
    'holds something under our keys that none of ours wrote',
    'See docs/operations.md, "What cannot be read"; writes wait on the machines meanwhile.',
  ],
  [
    /certificate|self.signed|altname/i,
    'shows a certificate that cannot be trusted',
    'Set REDIS_CA_FILE to the certificate of its authority.',
  ],
  [
    /wrong version number|EPROTO|packet length too long|ERR_SSL/i,
    'does not speak TLS there',
    'Use redis:// instead of rediss://, or its TLS port.',
  ],
  [/Protocol error|Unknown RESP type/, 'is no Redis', 'Correct the port in REDIS_URL or REDIS_PORT.'],
  [
    /startup nodes|refresh slots cache/,
    'cannot be reached: none of these nodes answers',
    'Start it, or correct REDIS_CLUSTER; set REDIS_TLS where it wants TLS, and only there.',
  ],
  [/ENOTFOUND|EAI_AGAIN/, 'has an unknown name', 'Correct the host in REDIS_URL or REDIS_HOST.'],
  [/ECONNREFUSED/, 'is not listening there', 'Start it, or correct the address (REDIS_URL).'],
  [
    /Connection is closed|ECONNRESET|EPIPE|connection close|max retries/,
    'closed the connection',
    (_, address) => `See its log, and whether maxclients is reached.${tlsHint(address)}`,
  ],
  [
    /isn't (writeable|ready)/,
    'is not connected at the moment',
    'It is tried again by itself; "redis" in memory-central doctor tells why.',
  ],
];

/** Mistakes of ours rather than of the connection. */
const BUGS = new Set(['ReplyError', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'ZodError']);

/**
 * `unavailable` for whatever kept Redis from answering; a bug stays what it is. Neither passwords nor values are in the message, nor in
 * what caused it: the client's own errors carry the arguments of the command.
 * @param address without secrets
 */
export function translateRedis(error: unknown, address: string): unknown {
  if (MemoryError.is(error)) return error;
  const cause = withoutArguments(error);
  for (const [pattern, problem, fix, why] of KNOWN) {
    const match = pattern.exec(cause.message);
    if (match === null) continue;
    const tell = (telling: Telling) => (typeof telling === 'string' ? telling : telling(match, address));
    const badCredentials = why === 'bad credentials';
    return new MemoryError('unavailable', `${address} ${tell(problem)}.`, tell(fix), {
      cause,
      badCredentials,
    });
  }
  if (error instanceof Error && BUGS.has(error.name)) return error.name === 'ReplyError' ? cause : error;
  const withTls = address.startsWith('rediss:') ? ' If it speaks no TLS there, use redis://.' : '';
  return new MemoryError(
    'unavailable',
    `${address} does not answer.`,
    `See that it runs and can be reached from here.${withTls}`,
    { cause },
  );
}

/** Only what was said: an error of the client holds its command, and Redis repeats what it did not understand. */
function withoutArguments(error: unknown): Error {
  return new Error(
    textOf(error)
      .replace(/(, with args beginning with| Last reply:).*/s, '')
      .trim(),
  );
}

function tlsHint(address: string): string {
  if (address.startsWith('redis cluster')) return ' If it wants TLS, set REDIS_TLS.';
  return address.startsWith('redis:') ? ' If that is its TLS port, use rediss://.' : '';
}

/** As it is typed. */
function wordsOf(command: string): string {
  return command.toUpperCase().replace('|', ' ');
}

/** Errors of several nodes come as one; the last says most. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, code = '', lastNodeError } = error as Error & { code?: string; lastNodeError?: Error };
  const own = message.includes(code) ? message : `${code} ${message}`;
  return lastNodeError ? `${textOf(lastNodeError)} ${own}` : own;
}

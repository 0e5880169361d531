/** What a person says of the central Redis, as settings by their own names; secrets among them. */
export type RedisAnswers = Readonly<Record<string, string | number | boolean>>;

/** Of no Redis at all: what each answer begins with. */
export const NO_REDIS = {
  'redis.host': '',
  'redis.port': 6379,
  'redis.db': 0,
  'redis.username': '',
  'redis.tls': false,
  'redis.sentinels': '',
  'redis.sentinelName': 'mymaster',
  'redis.cluster': '',
  'redis.url': '',
  'redis.password': '',
} as const satisfies RedisAnswers;

/**
 * Reads an address as a person writes it: `host`, `host:port`, `[::1]:6379`, or a whole `redis://user:password@host:6379/0`.
 * @returns undefined when it is none
 */
export function readAddress(text: string): RedisAnswers | undefined {
  const written = text.trim();
  const whole = /^[a-z]+:\/\//i.test(written) ? written : `redis://${written}`;
  if (!URL.canParse(whole)) return undefined;
  const { protocol, hostname, port, pathname, username, password } = new URL(whole);
  if (protocol !== 'redis:' && protocol !== 'rediss:') return undefined;
  const database = /^\/?(\d*)$/.exec(pathname)?.[1];
  if (hostname === '' || database === undefined) return undefined;
  return {
    'redis.host': hostname.replace(/^\[|\]$/g, ''),
    'redis.port': port === '' ? 6379 : Number(port),
    'redis.db': Number(database),
    'redis.tls': protocol === 'rediss:',
    ...(username !== '' && { 'redis.username': decoded(username) }),
    ...(password !== '' && { 'redis.password': decoded(password) }),
  };
}

/** Whether these are `host:port`, separated by commas. */
export function areNodes(text: string): boolean {
  const nodes = text.split(',').map(one => one.trim());
  return nodes.every(node => /^(\[[\da-f:]+\]|[^\s:,/]+):\d{1,5}$/i.test(node));
}

/** As it is where it was written with a bare per cent sign. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

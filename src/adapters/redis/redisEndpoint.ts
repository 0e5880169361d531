import { MemoryError } from '../../engine/errors.ts';

export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username: string;
  readonly password: string;
  readonly tls: boolean;
}

const DEFAULT_PORT = 6379;

/** What the address says, and the single options for what it does not. Throws `invalid_input` for what is no address of a Redis. */
export function endpointOf(
  options: RedisEndpoint & { readonly url: string; readonly caFile: string },
): RedisEndpoint {
  const { host, port, db, username, password } = options;
  const tls = options.tls || options.caFile !== '';
  if (options.url === '') return { host, port, db, username, password, tls };
  const url = parse(options.url);
  return {
    host: withoutBrackets(url.hostname),
    port: Number(url.port) || DEFAULT_PORT,
    db: url.pathname.length > 1 ? Number(url.pathname.slice(1)) : db,
    username: decode(url.username) || username,
    password: decode(url.password) || password,
    tls: tls || url.protocol === 'rediss:',
  };
}

/** A text such as `10.0.0.5:6379` or `[::1]:6379`; throws `invalid_input` for another. */
export function hostAndPort(text: string): { host: string; port: number } {
  const [, host, port] = /^(.+):(\d+)$/.exec(text.trim()) ?? [];
  if (host === undefined)
    throw new MemoryError('invalid_input', `"${text}" is no host:port.`, 'Give each node as host:port.');
  return { host: withoutBrackets(host), port: Number(port) };
}

/** Never names the text: a password may be anywhere in one that is wrong. */
function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const known =
    url !== undefined &&
    /^rediss?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    /^\/?\d*$/.test(url.pathname) &&
    url.search + url.hash === '';
  if (known) return url;
  throw new MemoryError(
    'invalid_input',
    'REDIS_URL is no Redis address.',
    'Give one such as redis://user:password@host:6379/0, rediss:// for TLS; in a password write / # ? @ : % as %2F %23 %3F %40 %3A %25.',
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % that nobody encoded.
    return text;
  }
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

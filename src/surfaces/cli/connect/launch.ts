import { readFile } from 'node:fs/promises';
import { MemoryError } from '../../../engine/errors.ts';
import { isLoopback } from '../../http/guard.ts';
import { decodeUtf8 } from '../decodeUtf8.ts';
import type { Session } from '../session.ts';
import { readAll } from '../terminal.ts';
import { launchCommand } from './launcher.ts';
import type { Launch, Scope } from './places.ts';

/** A server elsewhere, as `--url` and `--token-file` name it. */
export interface NamedServer {
  /** Of MCP, such as `https://memory.lan:9000/mcp`. */
  readonly url: string;
  /** undefined: the client asks the server's authorization server for one. */
  readonly token?: string;
}

/** What the client shall reach the memory by: a program that it starts, the server of this machine, or another one. */
export type Via = 'program' | 'server' | NamedServer;

/** For one project the address names its namespace; for all of them the server falls back to `global`. Throws `invalid_input`. */
export function launchOf(scope: Scope, via: Via, session: Session): Launch {
  const { dataDirectory } = session.runtime;
  if (via === 'program')
    return { kind: 'stdio', ...launchCommand(dataDirectory, session.host.runtime.platform, ['mcp']) };
  const namespace = session.namespace ?? (scope === 'project' ? session.caller().namespace : undefined);
  const path = namespace === undefined ? '' : `/${encodeURIComponent(namespace)}`;
  if (via !== 'server')
    return { kind: 'http', ...via, url: via.url.endsWith('/mcp') ? via.url + path : via.url };
  return { kind: 'http', url: ownAddress(session) + path, token: session.host.httpToken(dataDirectory) };
}

/** Whether an address is that of this machine's server, as far as one can see. */
export function isOwnHost(hostname: string, session: Session): boolean {
  return isLoopback(hostname) || hostname === session.runtime.settings['mcp.host'];
}

/** Of this machine's server by its settings; throws `invalid_input` where they leave the port open. */
function ownAddress({ runtime: { settings } }: Session): string {
  const port = settings['mcp.port'];
  if (port === 0)
    throw new MemoryError(
      'invalid_input',
      'MCP_PORT is 0: the server takes another port at each start, so there is none to write down.',
      'Set MCP_PORT to a free port, or name a server that runs: --url http://127.0.0.1:<port>/mcp',
    );
  const scheme = settings['tls.cert'] === '' ? 'http' : 'https';
  return `${scheme}://${reachable(settings['mcp.host'])}:${port}/mcp`;
}

/** A server that listens everywhere is reached here; an IPv6 address needs brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * What `--url` and `--token-file` name. Rejects with `invalid_input`.
 * @param tokenFile `-`: stdin
 */
export async function namedServer(
  url: string,
  tokenFile: string | undefined,
  session: Session,
): Promise<NamedServer> {
  const address = addressOf(url);
  if (tokenFile === undefined) return { url: address };
  return { url: address, token: await tokenIn(tokenFile, session) };
}

function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && url.username + url.password + url.search + url.hash === '';
  if (!isPlain || !/^https?:$/.test(url.protocol))
    throw new MemoryError(
      'invalid_input',
      `--url must be the address of a server, not ${JSON.stringify(text)}.`,
      'Give one such as https://memory.lan:9000/mcp; its token goes into --token-file.',
    );
  const path = url.pathname.replace(/\/+$/, '');
  return url.origin + (path === '' ? '/mcp' : path);
}

async function tokenIn(file: string, { signal, streams }: Session): Promise<string> {
  const text = file === '-' ? await readAll(streams.stdin, signal) : await read(file);
  const token = text.trim();
  if (/^\S+$/.test(token)) return token;
  throw new MemoryError(
    'invalid_input',
    `${file === '-' ? 'stdin' : file} holds no token: it must be one line, and nothing else.`,
    'Make one on the server: memory-central token create <name> >token',
  );
}

async function read(file: string): Promise<string> {
  try {
    return decodeUtf8(await readFile(file), `--token-file ${file}`);
  } catch (error) {
    if (MemoryError.is(error)) throw error;
    throw new MemoryError(
      'invalid_input',
      `--token-file ${file} cannot be read: ${(error as Error).message}.`,
      'Name a file that holds the token, or - for stdin.',
      { cause: error },
    );
  }
}

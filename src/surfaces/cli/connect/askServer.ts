import { type Finding, ok, warn } from '../doctor/finding.ts';
import type { Launch } from './places.ts';

const LIMIT_MS = 3_000;
const CHECK = 'server';

/** What is wrong with a connection, by the code of Node's error, and what to do. */
const KNOWN: Readonly<Record<string, readonly [problem: string, fix: string]>> = {
  ECONNREFUSED: ['is not listening there', 'Start it (memory-central serve), or correct --url.'],
  ENOTFOUND: ['has an unknown name', 'Correct the host in --url.'],
  EAI_AGAIN: ['has an unknown name', 'Correct the host in --url.'],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'speaks no TLS',
    'Write http:// in --url, or give the server a certificate.',
  ],
  UND_ERR_SOCKET: [
    'closed the connection',
    'See that it speaks HTTP there; with a certificate it is https://.',
  ],
};
const CERTIFICATE = /CERT|LEAF_SIGNATURE/;

/**
 * Whether a server takes the client's token at its address. It is asked for what it cannot give, which does nothing there: MCP tells who may
 * not come before it tells that.
 */
export async function askServer(
  { url, token }: Extract<Launch, { kind: 'http' }>,
  signal: AbortSignal,
): Promise<Finding> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    return unreachable(url, error as Error);
  }
  await answer.body?.cancel();
  const { status } = answer;
  if (status === 401) return refusal(url, token, answer.headers.get('www-authenticate') ?? '');
  // What MCP says to a GET that takes no events: with sessions and without.
  if (status === 405 || status === 406) return ok(CHECK, 'The server answers.');
  if (status === 404)
    return warn(
      CHECK,
      `There is no MCP at ${url}.`,
      'It is at /mcp of port 9000 where nobody chose another.',
    );
  return warn(CHECK, `The server at ${url} answers ${status}.`, 'See its log.');
}

function refusal(url: string, token: string | undefined, challenge: string): Finding {
  if (token !== undefined)
    return warn(
      CHECK,
      `The server at ${url} does not take this token: it is over, revoked, or of another server.`,
      'Make one on the server: memory-central token create <name>',
    );
  if (challenge.includes('resource_metadata='))
    return ok(CHECK, 'The server answers, and names its authorization server.');
  return warn(
    CHECK,
    `The server at ${url} wants a token, and names no authorization server.`,
    'Make one on the server, memory-central token create <name>, and name its file with --token-file.',
  );
}

function unreachable(url: string, error: Error): Finding {
  const { code = '', message = error.message } = (error.cause ?? {}) as NodeJS.ErrnoException;
  const known = KNOWN[code];
  if (known) return warn(CHECK, `The server at ${url} ${known[0]}.`, known[1]);
  if (CERTIFICATE.test(code))
    return warn(
      CHECK,
      `The server at ${url} shows a certificate that cannot be trusted (${code}).`,
      'Let clients trust it: NODE_EXTRA_CA_CERTS and its like (docs/security.md#tls).',
    );
  if (error.name === 'TimeoutError')
    return warn(
      CHECK,
      `The server at ${url} does not answer.`,
      'See that it runs and can be reached from here.',
    );
  return warn(
    CHECK,
    `The server at ${url} cannot be reached: ${message.trim()}.`,
    'See that it runs and can be reached from here.',
  );
}

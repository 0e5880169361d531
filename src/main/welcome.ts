import { isLoopback } from '../surfaces/http/guard.ts';

interface Welcomed {
  /** Of MCP, such as `http://127.0.0.1:9000/mcp`. */
  readonly mcp: string;
  /** Of REST, such as `http://127.0.0.1:8000`. */
  readonly rest: string;
  /** undefined: nobody is asked for a token. */
  readonly tokenFile?: string | undefined;
}

/** What `serve` tells when it listens: where it is, and what to type so that clients use it. */
export function welcome({ mcp, rest, tokenFile }: Welcomed): string {
  const { hostname, protocol } = new URL(mcp);
  const isOpen = !isLoopback(hostname);
  // Who listens everywhere is reached by this name here.
  const here = mcp.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//127.0.0.1:');
  const header = tokenFile ? ` --header "Authorization: Bearer $(cat '${tokenFile}')"` : '';
  const file = tokenFile ? ` --token-file '${tokenFile}'` : '';
  return [
    `Memory Central serves MCP at ${mcp}; a namespace of its own at ${mcp}/<namespace>.`,
    `  REST is at ${rest}, described at ${rest}/docs.`,
    `  Clients ${isOpen && tokenFile ? 'of this machine ' : ''}send ${tokenFile ? `the token of ${tokenFile}` : 'no token'}.`,
    `  Claude Code: claude mcp add --transport http memory-central ${here}${header}`,
    `  Others: memory-central connect claude|vscode|codex|gemini|cursor|opencode --url ${here}${file}`,
    ...(isOpen && tokenFile
      ? ['  Other machines: a token for each, memory-central token create <name>; see docs/security.md.']
      : []),
    ...(isOpen && protocol === 'http:'
      ? ['  Without TLS whoever shares the network can read along: MEMORY_TLS_CERT and MEMORY_TLS_KEY.']
      : []),
    '',
  ].join('\n');
}

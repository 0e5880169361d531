import { isLoopback } from '../../http/guard.ts';
import type { Launch } from './places.ts';

/** What to know of a file that names a server. @param own it is that of this machine */
export function remarksOn(launch: Launch, own: boolean): readonly string[] {
  if (launch.kind === 'stdio') return [];
  const { protocol, hostname, pathname } = new URL(launch.url);
  const readable = !own && protocol === 'http:' && !isLoopback(hostname);
  return [
    own
      ? 'The file holds the token of this machine: do not commit it. Start the server with memory-central serve.'
      : launch.token === undefined
        ? 'The file holds no token: the client asks the authorization server that the memory server names (docs/security.md).'
        : 'The file holds the token: do not commit it.',
    ...(pathname.endsWith('/mcp')
      ? [
          'All that it stores goes into the server’s own namespace; --project or --namespace <name> names another.',
        ]
      : []),
    ...(readable ? ['Without TLS whoever shares the network can read it: better https.'] : []),
  ];
}

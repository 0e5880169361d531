import type { Socket } from 'node:net';
import type { Peer } from './authenticate.ts';
import { isLoopback } from './guard.ts';

const NOBODY: Peer = { address: '', local: false };

/** Who is at the other end of a connection: this machine over loopback, or by an address of its own. */
export function peerOf(socket: Pick<Socket, 'remoteAddress' | 'localAddress'> | undefined): Peer {
  const address = plain(socket?.remoteAddress);
  if (address === '') return NOBODY;
  return { address, local: isLoopback(address) || address === plain(socket?.localAddress) };
}

/** IPv4 also where it comes in the form of IPv6. */
function plain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

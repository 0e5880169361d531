import type { AddressInfo, Server } from 'node:net';
import { MemoryError } from '../../engine/errors.ts';

/** How a person chooses another address. */
export interface AddressNames {
  /** Such as `--host or MCP_HOST`. */
  readonly host: string;
  readonly port: string;
}

/**
 * @param port 0: any free one
 * @returns the port. Rejects with `unavailable` when it is taken or no address of this machine.
 */
export function listen(server: Server, host: string, port: number, names: AddressNames): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const problem = taken
        ? `Port ${port} of ${host} is taken.`
        : `${host}:${port} cannot be listened on: ${error.message}`;
      const fix = taken
        ? `Stop the other server, or choose another port with ${names.port} (0: any free one).`
        : `Choose another address with ${names.host}, or another port with ${names.port}.`;
      reject(new MemoryError('unavailable', problem, fix, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** @param path such as `/mcp` @param encrypted https */
export function urlOf(host: string, port: number, path = '', encrypted = false): string {
  return `${encrypted ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

import type { AddressInfo, Server } from 'node:net';
import { MemoryError } from '../../engine/errors.ts';

/**
 * @param port 0: any free one @param names how a person chooses another address, such as `--port or MCP_PORT`
 * @returns the port. Rejects with `unavailable` when it is taken or no address of this machine.
 */
export function listen(server: Server, host: string, port: number, names: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const problem = taken
        ? `Port ${port} of ${host} is taken.`
        : `${host}:${port} cannot be listened on: ${error.message}`;
      const fix = taken
        ? `Stop the other server, or choose another port with ${names} (0: any free one).`
        : `Choose another address with ${names}.`;
      reject(new MemoryError('unavailable', problem, fix, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** @param path such as `/mcp` @param encrypted https */
export function urlOf(host: string, port: number, path = '', encrypted = false): string {
  return `${encrypted ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

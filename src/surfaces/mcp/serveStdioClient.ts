import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer, type McpServer, type McpServerOptions } from './createMcpServer.ts';
import { type Listening, listening } from './listening.ts';
import { StdioTransport } from './stdioTransport.ts';

export interface StdioOptions extends McpServerOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Bad messages and the like; nothing of it reaches the client. */
  readonly onError: (error: Error) => void;
}

/**
 * Serves the one client of a stdio connection, whichever protocol generation it speaks.
 * @returns resolves when the connection has ended
 */
export function serveStdioClient({ input, output, onError, ...options }: StdioOptions): {
  readonly ended: Promise<void>;
  close(): Promise<void>;
} {
  let current: McpServer | undefined;
  const listens = new Map<string | number, Listening>();

  /** Change streams of 2026-07-28 are served by the SDK; this only sees to it that there is something to stream. */
  function observe(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if (message.method === 'subscriptions/listen' && 'id' in message) {
      const wanted = listening(message.params);
      listens.set(message.id, wanted);
      current?.subscriptions.add(wanted.uris, wanted.client).catch(onError);
    } else if (message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId'] as string | number;
      const wanted = listens.get(id);
      if (wanted && listens.delete(id)) current?.subscriptions.remove(wanted.uris).catch(onError);
    }
  }

  const transport = new StdioTransport(input, output, observe);
  const handle = serveStdio(
    () => {
      current = createMcpServer({ ...options, patience: transport.inputEnded });
      // The message that opens the connection may be such a request.
      for (const { uris, client } of listens.values()) current.subscriptions.add(uris, client).catch(onError);
      return current.server;
    },
    { transport, onerror: onError },
  );
  const closed = transport.onclose;
  const ended = new Promise<void>(resolve => {
    transport.onclose = () => {
      closed?.();
      current?.subscriptions[Symbol.dispose]();
      resolve();
    };
  });
  return { ended, close: () => handle.close() };
}

import type { Readable, Writable } from 'node:stream';
import {
  type JSONRPCMessage,
  type MessageExtraInfo,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/server';
import { MessageLines } from './messageLines.ts';

/** Answers that are still due when the client has closed its end are waited for so long. */
const DRAIN_MS = 10_000;

/**
 * MCP's messages as lines. When the input ends, the transport closes as soon as everything asked has been answered, so that
 * requests piped in are served like any others; a write that was begun is never cut off.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;

  readonly #input: Readable;
  readonly #output: Writable;
  readonly #lines = new MessageLines();
  readonly #due = new Set<string | number>();
  readonly #observe: (message: JSONRPCMessage) => void;
  #ended = false;
  #closed = false;

  /** @param observe sees every message before it is served */
  constructor(input: Readable, output: Writable, observe: (message: JSONRPCMessage) => void = () => {}) {
    this.#input = input;
    this.#output = output;
    this.#observe = observe;
  }

  async start(): Promise<void> {
    this.#input.on('data', this.#read).once('end', this.#end).once('close', this.#end);
    this.#input.on('error', this.#fail);
    this.#output.on('error', this.#fail);
  }

  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(serializeMessage(message), error => {
        if (error) reject(error);
        else resolve();
        if (!('method' in message) && message.id !== undefined) this.#answered(message.id);
      });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.off('data', this.#read);
    this.#input.pause();
    this.onclose?.();
  }

  readonly #read = (chunk: Buffer) => {
    for (const line of this.#lines.take(chunk)) {
      if (this.#closed) return;
      if ('message' in line) {
        try {
          this.#take(line.message);
        } catch (error) {
          this.onerror?.(error as Error);
        }
        continue;
      }
      this.onerror?.(line.error);
      // Whoever waits for this answer learns why it does not come.
      if (line.id !== undefined) this.#refuse(line.id, line.code, line.error.message);
    }
  };

  #refuse(id: string | number, code: number, message: string): void {
    this.#output.write(serializeMessage({ jsonrpc: '2.0', id, error: { code, message } }));
  }

  #take(message: JSONRPCMessage): void {
    if ('method' in message) {
      // A stream of changes has no answer until it ends.
      if ('id' in message && message.method !== 'subscriptions/listen') this.#due.add(message.id);
      else if (message.method === 'notifications/cancelled') {
        this.#answered(message.params?.['requestId'] as string | number);
      }
    }
    this.#observe(message);
    this.onmessage?.(message);
  }

  #answered(id: string | number): void {
    if (this.#due.delete(id) && this.#due.size === 0 && this.#ended) void this.close();
  }

  readonly #end = () => {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#due.size === 0) void this.close();
    else setTimeout(() => void this.close(), DRAIN_MS);
  };

  /** A client that reads no more is gone. */
  readonly #fail = (error: Error) => {
    if (this.#closed) return;
    this.onerror?.(error);
    void this.close();
  };
}

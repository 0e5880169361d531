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
/** Requests that are worked at while more are read: many for a client, few for the memory of this process. */
const MOST_DUE = 256;

/**
 * MCP's messages as lines. A client that does not read what it asked for is not read from either. When the input ends, the transport closes as soon as everything asked has been answered, so that
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
  /** Our own requests to the client, whose answers stand behind what it asks. */
  readonly #asked = new Set<string | number>();
  /** Notifications that the client has not taken yet; one of a kind is enough. */
  readonly #untold = new Set<string>();
  readonly #observe: (message: JSONRPCMessage) => void;
  readonly #inputEnded = new AbortController();
  #ended = false;
  #closed = false;

  /** Fires when the client has closed its end: it asks nothing more. */
  readonly inputEnded = this.#inputEnded.signal;

  /** @param observe sees every message before it is served */
  constructor(input: Readable, output: Writable, observe: (message: JSONRPCMessage) => void = () => {}) {
    this.#input = input;
    this.#output = output;
    this.#observe = observe;
  }

  async start(): Promise<void> {
    this.#input.on('data', this.#read).once('end', this.#end).once('close', this.#end);
    this.#input.on('error', this.#fail);
    this.#output.on('error', this.#fail).on('drain', this.#regulate);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const line = serializeMessage(message);
    if (!('method' in message)) {
      await this.#write(line).finally(() => message.id !== undefined && this.#answered(message.id));
    } else if ('id' in message) {
      this.#asked.add(message.id);
      await this.#write(line);
    } else if (!this.#untold.has(line)) {
      if (message.method === 'notifications/cancelled')
        this.#asked.delete(message.params?.['requestId'] as string | number);
      this.#untold.add(line);
      await this.#write(line).finally(() => this.#untold.delete(line));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.off('data', this.#read);
    this.#output.off('drain', this.#regulate);
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
    this.#regulate();
  };

  /** Reads on while the client takes its answers and not too many are due. A question of ours is waiting among what was not read. */
  readonly #regulate = () => {
    if (this.#closed) return;
    const busy = this.#due.size >= MOST_DUE && this.#asked.size === 0;
    const full = busy || this.#output.writableNeedDrain;
    if (full !== this.#input.isPaused()) this.#input[full ? 'pause' : 'resume']();
  };

  #refuse(id: string | number, code: number, message: string): void {
    // That the client is gone, the stream itself reports.
    this.#write(serializeMessage({ jsonrpc: '2.0', id, error: { code, message } })).catch(() => {});
  }

  #write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#output.write(line, error => {
        if (error) reject(error);
        else resolve();
      });
      this.#regulate();
    });
  }

  #take(message: JSONRPCMessage): void {
    if ('method' in message) {
      // A stream of changes has no answer until it ends.
      if ('id' in message && message.method !== 'subscriptions/listen') this.#due.add(message.id);
      else if (message.method === 'notifications/cancelled') {
        this.#answered(message.params?.['requestId'] as string | number);
      }
    } else if (message.id !== undefined) {
      this.#asked.delete(message.id);
    }
    this.#observe(message);
    this.onmessage?.(message);
  }

  #answered(id: string | number): void {
    if (!this.#due.delete(id)) return;
    if (this.#due.size === 0 && this.#ended) void this.close();
    else this.#regulate();
  }

  readonly #end = () => {
    if (this.#ended) return;
    this.#ended = true;
    this.#inputEnded.abort();
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

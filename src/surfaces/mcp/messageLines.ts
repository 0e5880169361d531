import { deserializeMessage, type JSONRPCMessage } from '@modelcontextprotocol/server';

/** More than the largest batch of memories that is accepted. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Of a line that is dropped: where clients put the id, at its beginning or its end. */
const EDGE_BYTES = 512;
const NEWLINE = 0x0a;

/** What a line turned out to be: a message, or none and why. `id`, where the line tells it, names the request that failed. */
export type Line =
  | { readonly message: JSONRPCMessage }
  | { readonly error: Error; readonly code: -32700 | -32600; readonly id?: string | number };

/** Cuts a stream into lines and reads each as a message. A line that is too long is dropped as it comes, and told at its end. */
export class MessageLines {
  readonly #mostBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  *take(chunk: Buffer): Generator<Line> {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#add(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = this.#finish();
      if (line) yield line;
    }
    this.#add(rest);
  }

  #add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes <= this.#mostBytes) {
      this.#parts.push(part);
      return;
    }
    if (this.#head.length === 0)
      this.#head = Buffer.concat([...this.#parts.splice(0), part.subarray(0, EDGE_BYTES)]).subarray(
        0,
        EDGE_BYTES,
      );
    this.#tail = Buffer.concat([this.#tail, part.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
  }

  #finish(): Line | undefined {
    const tooLong = this.#bytes > this.#mostBytes;
    const text = tooLong ? '' : Buffer.concat(this.#parts).toString('utf8').replace(/\r$/, '');
    const edges = [this.#head.toString('latin1'), this.#tail.toString('latin1')] as const;
    this.#parts = [];
    this.#bytes = 0;
    this.#head = this.#tail = Buffer.alloc(0);
    if (!tooLong) return text === '' ? undefined : readLine(text);
    const id = idIn(...edges);
    const error = new Error(`A message has at most ${this.#mostBytes} bytes; nothing was changed.`);
    return { error, code: -32600, ...(id !== undefined && { id }) };
  }
}

function readLine(text: string): Line {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { error: error as Error, code: -32700 };
  }
  try {
    return { message: deserializeMessage(text) };
  } catch {
    const { id, method } = (json ?? {}) as { id?: unknown; method?: unknown };
    const error = new Error('This is no valid JSON-RPC message; nothing was changed.');
    const isAsked = method !== undefined && (typeof id === 'string' || typeof id === 'number');
    return { error, code: -32600, ...(isAsked && { id }) };
  }
}

/** Clients write the id as the first or second member, or as the last one; anywhere else it could be an argument's. */
function idIn(head: string, tail: string): string | number | undefined {
  const found =
    /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+|"[^"\\]*")/.exec(head) ??
    /,\s*"id"\s*:\s*(\d+|"[^"\\]*")\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  return found ? (JSON.parse(found[1]!) as string | number) : undefined;
}

import { styleText } from 'node:util';
import { visible } from '../../engine/foreignText.ts';
import { decodeUtf8 } from './decodeUtf8.ts';

/** Where a command reads and writes, and who sits there. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** As `styleText` writes them: an escape, `[`, numbers, `m`. */
const COLOUR = new RegExp(`(${String.fromCharCode(0x1b)}\\[\\d+(?:;\\d+)*m)`);

type Format = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it. */
export type Style = (format: Format, text: string) => string;

/** Colours only where a person sees them: a terminal, without NO_COLOR and not `dumb`. */
export function styleFor(stream: { readonly isTTY?: boolean }, env: Streams['env']): Style {
  return hasColours(stream, env) ? (format, text) => styleText(format, text) : (_format, text) => text;
}

/** The last filter before a person sees it: nothing drives the terminal but the colours that we gave. */
export function harmless(text: string, stream: { readonly isTTY?: boolean }, env: Streams['env']): string {
  if (!hasColours(stream, env)) return visible(text);
  // Split at colours, every second part is one.
  return text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 1 ? part : visible(part)))
    .join('');
}

function hasColours(stream: { readonly isTTY?: boolean }, env: Streams['env']): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** All of stdin as text. Rejects with `invalid_input` when it is not UTF-8. */
export async function readAll(stdin: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  const stop = () => (stdin as Partial<{ destroy(error: Error): void }>).destroy?.(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return decodeUtf8(Buffer.concat(chunks), 'What came in');
}

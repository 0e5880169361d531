import { MemoryError } from '../../engine/errors.ts';

export const RECENT_URI = 'memory://recent';
export const MEMORY_URI_TEMPLATE = 'memory://{namespace}/{id}';

/** `memory://{namespace}/{id}`, both percent-encoded, so that a namespace may hold slashes. */
export function memoryUri(namespace: string, id: string): string {
  return `memory://${encodeURIComponent(namespace)}/${encodeURIComponent(id)}`;
}

/** Throws `invalid_input` for another form. */
export function parseMemoryUri(uri: string): { readonly namespace: string; readonly id: string } {
  const match = /^memory:\/\/([^/?#]+)\/([^/?#]+)$/.exec(uri);
  try {
    if (match) return { namespace: decodeURIComponent(match[1]!), id: decodeURIComponent(match[2]!) };
  } catch {
    // A percent sign that encodes nothing: told below.
  }
  throw new MemoryError(
    'invalid_input',
    `"${uri.slice(0, 200)}" is no address of a memory.`,
    `Use ${MEMORY_URI_TEMPLATE}, percent-encoded, or ${RECENT_URI}.`,
  );
}

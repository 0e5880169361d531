import type { Context } from 'hono';
import { MemoryError } from '../../../engine/errors.ts';
import { isNestedDeeper } from '../../../engine/model/nesting.ts';
import { RequestRefused } from './requestRefused.ts';

/** More than any tool takes, which says so itself; what is much deeper exhausts the stack of whoever looks into it. */
const MOST_DEEP = 500;

/** The body as a JSON object; an empty one is `{}`. Rejects with 415, or `invalid_input` for what is no JSON object. */
export async function readBody(c: Context): Promise<Record<string, unknown>> {
  const bytes = await c.req.arrayBuffer();
  const type = c.req.header('content-type');
  if (bytes.byteLength === 0 && type === undefined) return {};
  if (!/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(type ?? ''))
    throw new RequestRefused(
      415,
      'unsupported_media_type',
      `The body is ${type === undefined ? 'of no named type' : type.slice(0, 100)}, not JSON.`,
      'Send the header "Content-Type: application/json".',
      { accept: 'application/json' },
    );
  return bytes.byteLength === 0 ? {} : objectOf(textOf(bytes));
}

function objectOf(text: string): Record<string, unknown> {
  const json = parse(text);
  if (isNestedDeeper(json, MOST_DEEP))
    throw new MemoryError(
      'invalid_input',
      `The body has more than ${MOST_DEEP} levels of lists and objects.`,
      'Send plain values.',
    );
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new MemoryError('invalid_input', 'The body is no JSON object.', 'Send a JSON object.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MemoryError('invalid_input', 'The body is no JSON.', 'Send a JSON object.', { cause });
  }
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MemoryError('invalid_input', 'The body is no UTF-8.', 'Send JSON in UTF-8.', { cause });
  }
}

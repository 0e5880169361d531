import { MemoryError } from '../../../engine/errors.ts';

/** Where the next page begins, as the tool's input. A cursor holds all of it, so that it works at any instance, by itself. */
export type PageInput = Readonly<Record<string, unknown>>;

export function cursorOf(input: PageInput): string {
  return Buffer.from(JSON.stringify(input)).toString('base64url');
}

/**
 * What a cursor and the query beside it ask for. Rejects with `invalid_input` for what is no cursor, or where they differ: only `limit` may.
 * @param query without the cursor
 */
export function fromCursor(cursor: string, query: PageInput): PageInput {
  const input = decode(cursor);
  const differing = Object.keys(query).filter(
    name => name !== 'limit' && JSON.stringify(query[name]) !== JSON.stringify(input[name]),
  );
  if (differing.length > 0)
    throw new MemoryError(
      'invalid_input',
      `The cursor is of another list: ${differing.join(', ')} was not so.`,
      'Give the cursor alone, or begin anew without it.',
    );
  return { ...input, ...query };
}

/**
 * What the page after this one is, undefined after the last.
 * @param list name of the list in the output
 * @param bound ms since the epoch: what is younger stays out, since it comes first in the list and would push what was seen already onto
 * the next page; undefined where the tool cannot leave it out
 */
export function nextPage(
  input: PageInput,
  output: Readonly<Record<string, unknown>>,
  list: string,
  bound: number | undefined,
): PageInput | undefined {
  const items = output[list] as readonly Readonly<Record<string, unknown>>[];
  const offset = ((input['offset'] as number | undefined) ?? 0) + items.length;
  if (items.length === 0 || offset >= (output['total'] as number)) return undefined;
  return { ...input, ...(bound !== undefined && until(input, items, bound)), offset };
}

function until(
  input: PageInput,
  items: readonly Readonly<Record<string, unknown>>[],
  bound: number,
): { readonly until?: string } {
  const byCreation = input['order'] === undefined || input['order'] === 'created';
  if (!byCreation || input['until'] !== undefined) return {};
  const newest = Math.max(bound, ...items.map(({ created_at }) => Date.parse(created_at as string)));
  return { until: new Date(newest + 1).toISOString() };
}

function decode(cursor: string): PageInput {
  try {
    const input: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as PageInput;
  } catch {
    // Said below.
  }
  throw new MemoryError('invalid_input', 'That is no cursor.', 'Give it as `next` had it.');
}

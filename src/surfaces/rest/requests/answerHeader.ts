import type { ServerResponse } from 'node:http';
import type { Context } from 'hono';

/**
 * Gives the answer a header, whoever answers; before it is known. On Node's own answer where there is one: Hono's, once it was asked for its
 * headers, is sent in a slower way.
 */
export function setAnswerHeader(c: Context, name: string, value: string): void {
  const { outgoing } = (c.env ?? {}) as { readonly outgoing?: ServerResponse };
  if (outgoing) outgoing.setHeader(name, value);
  else c.header(name, value);
}

/** What the answer says in a header, whoever gave it; undefined: nothing. */
export function answerHeader(c: Context, name: string): string | undefined {
  const { outgoing } = (c.env ?? {}) as { readonly outgoing?: ServerResponse };
  return outgoing?.getHeader(name)?.toString() ?? c.res.headers.get(name) ?? undefined;
}

import type { ServerResponse } from 'node:http';
import type { Context } from 'hono';

/**
 * Gives the answer a header, whoever answers; before it is known. On Node's own answer where there is one: Hono's, once it was asked for its
 * headers, is sent in a slower way.
 */
export function setAnswerHeader(c: Context, name: string, value: string): void {
  const { outgoing } = (c.env ?? {}) as { readonly outgoing?: ServerResponse };
  if (!outgoing) c.header(name, value);
  // Its time was over before, and its sender has been told.
  else if (!outgoing.headersSent) outgoing.setHeader(name, value);
}

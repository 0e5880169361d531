import type { Context } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import { RequestRefused } from './requestRefused.ts';

/** Whether a client that sends this `Accept` takes a media type; without one it takes anything. */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  const range = `${type.split('/')[0]}/*`;
  const asked = parseAccept(header).filter(one => [type, range, '*/*'].includes(one.type.toLowerCase()));
  // The most exact one decides.
  const exact = (name: string) => asked.find(one => one.type.toLowerCase() === name);
  const decides = exact(type) ?? exact(range) ?? exact('*/*');
  return decides !== undefined && decides.q > 0;
}

/** Refuses with 406 who takes no JSON, but on the paths that answer with something else. */
export function demandJson(others: RegExp): (c: Context) => void {
  return c => {
    if (accepts(c.req.header('accept'), 'application/json') || others.test(c.req.path)) return;
    throw new RequestRefused(
      406,
      'not_acceptable',
      'Answers are JSON, which the header Accept does not take.',
      'Send "Accept: application/json", or none.',
    );
  };
}

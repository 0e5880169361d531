import type { Caller } from '../model/caller.ts';
import { waitFor } from '../waitFor.ts';
import type { Feed } from './feed.ts';

/**
 * As `Feed.since`; where nothing has happened yet it waits for what does.
 * @param waitMs at most; less when the signal fires
 */
export async function nextEvents(
  feed: Feed,
  cursor: string,
  limit: number,
  caller: Caller,
  namespaces: readonly string[] | undefined,
  waitMs: number,
  signal: AbortSignal,
): ReturnType<Feed['since']> {
  const found = await feed.since(cursor, limit, caller, namespaces);
  if (found.events.length > 0 || found.more || waitMs <= 0 || signal.aborted) return found;
  let tell = () => {};
  const news = new Promise<void>(resolve => {
    tell = resolve;
  });
  using _listener = feed.listen(found.cursor, caller, namespaces, () => tell());
  await waitFor(news, waitMs, signal);
  return feed.since(found.cursor, limit, caller, namespaces);
}

import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';

/** Tags are those of so many memories, the newest. */
const MEMORIES = 1000;
const TAGS = 100;

export interface TagCount {
  readonly tag: string;
  /** All memories that have it and that the caller may see. */
  readonly count: number;
}

/** The tags in use, most used first. */
export async function tagCounts(
  { memories }: Pick<Engine, 'memories'>,
  caller: Caller,
): Promise<readonly TagCount[]> {
  const namespaces = readNamespaces(undefined, caller)!;
  const newest = await memories.list({ namespaces }, { limit: MEMORIES, offset: 0 }, caller);
  const seen = new Map<string, number>();
  for (const { tags } of newest.memories) for (const tag of tags) seen.set(tag, (seen.get(tag) ?? 0) + 1);
  const common = [...seen].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, TAGS);
  const counted = await Promise.all(
    common.map(async ([tag]) => {
      const { total } = await memories.list({ namespaces, tags: [tag] }, { limit: 1, offset: 0 }, caller);
      return { tag, count: total };
    }),
  );
  return counted.sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}

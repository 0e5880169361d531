import { EVERYBODY, type Viewer } from '../model/caller.ts';
import type { Store } from '../ports/store.ts';

const READ = 500;
/** Copied in one change. */
const PAGE = 100;

/** Some memories of one owner. */
export interface Belongings {
  readonly owner: string;
  readonly ids: readonly string[];
}

/** Every live memory of a store, by owner: whose eyes see all of it. */
export async function pagesOf(store: Store): Promise<{ pages: readonly Belongings[]; total: number }> {
  const owners = new Map<string, Set<string>>();
  for (let cursor = 0; ; ) {
    const batch = await store.index.changesAfter(cursor, READ);
    for (const { id, owner, deleted } of batch.records) {
      const ids = owners.get(owner) ?? new Set();
      if (deleted) ids.delete(id);
      else ids.add(id);
      owners.set(owner, ids);
    }
    if (batch.done) break;
    cursor = batch.cursor;
  }
  const pages = [...owners].flatMap(([owner, found]) => {
    const ids = [...found];
    return Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, i) => ({
      owner,
      ids: ids.slice(i * PAGE, (i + 1) * PAGE),
    }));
  });
  return { pages, total: pages.reduce((sum, { ids }) => sum + ids.length, 0) };
}

export function viewerOfOwner(owner: string): Viewer {
  return { principal: owner, client: 'migration', unreviewedOf: EVERYBODY };
}

import type { Memory } from '../model/memory.ts';
import type { Store } from '../ports/store.ts';
import { type Belongings, viewerOfOwner } from './pagesOf.ts';

const SHOWN = 100;

export interface Side {
  readonly count: number;
  /** SHA-256 (hex) over id, version and content hash of each, sorted. */
  readonly checksum: string;
}

export interface Comparison {
  readonly from: Side;
  /** Of the same ids. */
  readonly to: Side;
  /** The first 100 that are another there, or are on one side only. */
  readonly differing: readonly string[];
}

/** Reads these memories on both sides once more. */
export async function compareMemories(
  pages: readonly Belongings[],
  stores: { readonly from: Store; readonly to: Store; readonly sha256: (text: string) => string },
): Promise<Comparison> {
  const here: string[] = [];
  const there: string[] = [];
  const differing: string[] = [];
  for (const { owner, ids } of pages) {
    const viewer = viewerOfOwner(owner);
    const before = await stores.from.memories.get(ids, viewer);
    const after = await stores.to.memories.get(ids, viewer);
    for (const [i, id] of ids.entries()) {
      const [one, other] = [lineOf(before[i]), lineOf(after[i])];
      here.push(...one);
      there.push(...other);
      if (one[0] !== other[0] && differing.length < SHOWN) differing.push(id);
    }
  }
  const side = (lines: string[]) => ({
    count: lines.length,
    checksum: stores.sha256(lines.sort().join('\n')),
  });
  return { from: side(here), to: side(there), differing };
}

function lineOf(memory: Memory | undefined): string[] {
  return memory ? [`${memory.id} ${memory.version} ${memory.contentHash}`] : [];
}

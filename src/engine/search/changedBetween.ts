import type { IndexSource } from '../ports/indexSource.ts';

/** How far an index has read. */
interface Place {
  readonly model: string | null;
  readonly log: number;
  readonly vectors: number;
}

const BATCH = 500;

/** Numbers of the memories that have changed, or got a vector, between two places of one index. */
export async function changedBetween(
  source: IndexSource,
  from: Place,
  to: Place,
): Promise<ReadonlySet<number>> {
  const nums = new Set<number>();
  for (let cursor = from.log; cursor < to.log; ) {
    const { records, ...batch } = await source.changesAfter(cursor, BATCH);
    for (const { num } of records) nums.add(num);
    cursor = batch.done ? to.log : batch.cursor;
  }
  for (let cursor = from.vectors; to.model !== null && cursor < to.vectors; ) {
    const { records, ...batch } = await source.vectorsAfter(to.model, cursor, BATCH);
    for (const { num } of records) nums.add(num);
    cursor = batch.done ? to.vectors : batch.cursor;
  }
  return nums;
}

import type { LongTermRecord } from './longTermRecord.ts';
import { RECENCY, recencyOf } from './recency.ts';

const DAY_MS = 86_400_000;

/** What is to be forgotten. */
export interface ForgetPolicy {
  /** Made more days ago; with `maxInactiveDays` both must be over. */
  readonly maxAgeDays?: number | undefined;
  /** Not used for more days. */
  readonly maxInactiveDays?: number | undefined;
  /** However used: made so many times `maxAgeDays` ago. */
  readonly hardAgeMultiplier: number;
  /** Of the others only so many stay, those made and used last. */
  readonly budget?: number | undefined;
  /** Only records of these types go. */
  readonly types?: readonly string[] | undefined;
}

/** Ids of the records that go; never one that is pinned. @param now ms since the epoch */
export function chooseForgotten(
  records: readonly LongTermRecord[],
  policy: ForgetPolicy,
  pinned: ReadonlySet<string>,
  now: number,
): readonly string[] {
  const { budget, types } = policy;
  const eligible = records.filter(
    ({ id, pinned: fixed, type }) => !fixed && !pinned.has(id) && (types?.includes(type) ?? true),
  );
  const over = new Set(eligible.filter(record => isOver(record, policy, now)));
  const left = eligible.filter(record => !over.has(record));
  const beyond =
    budget === undefined
      ? []
      : left
          .toSorted((a, b) => recencyOf(b, RECENCY, now) - recencyOf(a, RECENCY, now))
          .slice(Math.max(0, budget));
  return [...over, ...beyond].map(({ id }) => id);
}

function isOver(record: LongTermRecord, policy: ForgetPolicy, now: number): boolean {
  const { hardAgeMultiplier, maxAgeDays, maxInactiveDays } = policy;
  const age = (now - record.createdAt) / DAY_MS;
  const inactive = (now - record.lastAccessed) / DAY_MS;
  const old = maxAgeDays !== undefined && age > maxAgeDays;
  const unused = maxInactiveDays !== undefined && inactive > maxInactiveDays;
  if (maxAgeDays === undefined || maxInactiveDays === undefined) return old || unused;
  return age > maxAgeDays * hardAgeMultiplier || (old && unused);
}

import type { Pace } from '../map/pace.ts';
import type { Caller } from '../model/caller.ts';
import type { IndexRecord, IndexSource } from '../ports/indexSource.ts';
import type { LeftAlone } from './leftAlone.ts';
import { isWanted, type Whose } from './whoseMemories.ts';

/** Memories that are read at a time: a millisecond or two. */
const BATCH = 50;

/** A memory as far as it matters until it has a neighbour. */
export interface Member extends Pick<IndexRecord, 'id' | 'num' | 'owner' | 'visibility'> {}

/** Memories among which some may be one: of one namespace and type, seen by the same. */
export type Partition = readonly Member[];

/**
 * All memories that are asked for, in partitions.
 * @param alone told of each that is left alone by its labels
 */
export async function partitionsOf(
  source: IndexSource,
  request: Whose & { readonly unreviewed: boolean },
  caller: Caller,
  pace: Pace,
  alone: (id: string, why: LeftAlone) => void,
): Promise<readonly Partition[]> {
  const partitions = new Map<string, Member[]>();
  for (let cursor = 0; ; ) {
    const batch = await source.changesAfter(cursor, BATCH);
    for (const record of batch.records) {
      if (!isWanted(record, request, caller)) continue;
      const why = whyAloneBy(record, request.unreviewed);
      if (why) {
        alone(record.id, why);
        continue;
      }
      const { id, namespace, num, owner, type, visibility } = record;
      const key = JSON.stringify([namespace, type, visibility === 'public' ? '' : owner]);
      const known = partitions.get(key);
      if (known) known.push({ id, num, owner, visibility });
      else partitions.set(key, [{ id, num, owner, visibility }]);
    }
    cursor = batch.cursor;
    await pace.step();
    // Whatever changed meanwhile came twice.
    if (batch.done) return [...partitions.values()].map(unique);
  }
}

function whyAloneBy(
  { pinned, sensitive, unreviewedBy, visibility }: IndexRecord,
  unreviewed: boolean,
): LeftAlone | undefined {
  if (pinned) return 'pinned';
  if (sensitive) return 'sensitive';
  if (visibility === 'shared') return 'shared';
  return unreviewedBy !== null && !unreviewed ? 'unreviewed' : undefined;
}

function unique(members: readonly Member[]): Partition {
  return [...new Map(members.map(one => [one.num, one])).values()];
}

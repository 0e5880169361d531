import type { Pace } from '../map/pace.ts';
import type { Caller } from '../model/caller.ts';
import type { IndexRecord, IndexSource } from '../ports/indexSource.ts';
import type { LeftAlone } from './leftAlone.ts';
import { isWanted, type Whose } from './whoseMemories.ts';

/** Memories that are read at a time: a millisecond or two. */
const BATCH = 50;

/** A memory as far as it matters until it has a neighbour. */
export interface Member extends Pick<IndexRecord, 'id' | 'num' | 'owner' | 'visibility'> {}

/** Memories among which some may be one, by their numbers: of one namespace and type, seen by the same. */
export type Partition = ReadonlyMap<number, Member>;

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
  const partitions = new Map<string, Map<number, Member>>();
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
      let partition = partitions.get(key);
      if (!partition) {
        partition = new Map();
        partitions.set(key, partition);
      }
      // Whatever changed meanwhile comes twice.
      partition.set(num, { id, num, owner, visibility });
    }
    cursor = batch.cursor;
    await pace.step();
    if (batch.done) return [...partitions.values()];
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

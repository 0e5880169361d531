import { z } from 'zod';
import type { Merge } from '../../engine/compaction/journal.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { isoTime } from '../../engine/model/time.ts';

export const mergeView = z.object({
  merge_id: z.string(),
  namespace: z.string(),
  at: z.string(),
  by: z.string(),
  survivor: z.string().describe('Id of the memory that took the others in'),
  merged: z.array(z.string()).describe('Ids of those'),
  undone: z.boolean(),
});

export function viewMerge({
  id,
  namespace,
  at,
  by,
  survivor,
  merged,
  undone,
}: Merge): z.infer<typeof mergeView> {
  return { merge_id: id, namespace, at: isoTime(at), by, survivor, merged: [...merged], undone };
}

export function mergeLine({ merge_id, at, by, survivor, merged, undone }: z.infer<typeof mergeView>): string {
  const into = `${merged.map(id => oneLine(id)).join(', ')} into ${oneLine(survivor)}`;
  return `${merge_id} ${at} ${into} by ${oneLine(by)}${undone ? ', taken apart again' : ''}`;
}

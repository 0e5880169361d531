import { createHash } from 'node:crypto';
import { LIMITS } from '../../engine/model/limits.ts';

/** Room for the number of a part of what is too long for one memory. */
const ROOM = 8;

/** An external id that fits its limit: a long one keeps its beginning and ends with a hash of the whole. */
export function fitId(id: string): string {
  const max = LIMITS.nameChars - ROOM;
  if (id.length <= max && id.isWellFormed() && !id.includes('\0')) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return `${id
    .slice(0, max - 18)
    .toWellFormed()
    .replaceAll('\0', '')}~${hash}`;
}

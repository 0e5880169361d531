import { MemoryError } from '../../../engine/errors.ts';

/** Ids of entries and events are the numbers of their rows, as text. Throws `invalid_input` for another. */
export function rowOf(id: string): number {
  const row = Number(id);
  if (/^\d+$/.test(id) && Number.isSafeInteger(row)) return row;
  throw new MemoryError('invalid_input', `"${id}" is no id of an entry.`, 'Give ids as they were read.');
}

import type { Catalog } from './catalog.ts';

/**
 * When the passing of time changes next what can be found: a memory expires, or begins or ceases to be valid.
 * @param now ms since the epoch, as the answer
 */
export function nextChange(catalog: Catalog, now: number): number {
  const { alive, expires, rows, validFrom, validUntil } = catalog;
  let next = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    if (alive[row] === 0) continue;
    const [expiry, from, until] = [expires[row]!, validFrom[row]!, validUntil[row]!];
    if (expiry > now && expiry < next) next = expiry;
    if (from > now && from < next) next = from;
    if (until > now && until < next) next = until;
  }
  return next;
}

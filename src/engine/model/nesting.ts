/** Levels of lists and objects that an input may have: more than any note needs, and less than would exhaust a stack. */
export const MOST_LEVELS = 64;

/** Whether a JSON value has more levels of lists and objects than `levels`; a scalar has none. */
export function isNestedDeeper(value: unknown, levels = MOST_LEVELS): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some(item => isNestedDeeper(item, levels - 1));
}

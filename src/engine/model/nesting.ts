/** Levels of lists and objects that an input may have: more than any note needs, and less than would exhaust a stack. */
export const MOST_LEVELS = 64;

/** Whether an object in a JSON value, however deep, has this key as its own. */
export function hasKey(value: unknown, key: string): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.hasOwn(value, key) || Object.values(value).some(item => hasKey(item, key));
}

/** Whether a JSON value has more levels of lists and objects than `levels`; a scalar has none. */
export function isNestedDeeper(value: unknown, levels = MOST_LEVELS): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some(item => isNestedDeeper(item, levels - 1));
}

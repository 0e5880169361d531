export const MIB = 2 ** 20;

/** A number out of what a tool printed; undefined for `N/A`, `[Not Supported]` and the like. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

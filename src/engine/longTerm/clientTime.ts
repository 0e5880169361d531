const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Greater numbers are milliseconds, others seconds: as pydantic reads them. */
const MOST_SECONDS = 2e10;

/**
 * A time as clients of these servers write it: ISO 8601, in UTC where it names no zone, or Unix time.
 * @returns ms since the epoch, with microseconds as a fraction; undefined where it is none
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value))) {
    const number = Number(value);
    return Math.abs(number) > MOST_SECONDS ? number : number * 1000;
  }
  const parts = typeof value === 'string' ? ISO.exec(value.trim()) : null;
  if (!parts) return undefined;
  const [, day, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = parts;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const whole = Date.parse(`${day}T${minutes}:${seconds}${offset.toUpperCase()}`);
  if (Number.isNaN(whole)) return undefined;
  return whole + Number(fraction.slice(0, 6).padEnd(6, '0')) / 1000;
}

/** ISO 8601 in UTC, with microseconds where there are any. @param ms since the epoch */
export function writeTime(ms: number): string {
  const micros = Math.round(ms * 1000);
  const seconds = Math.floor(micros / 1_000_000);
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = micros - seconds * 1_000_000;
  return fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, '0')}Z`;
}

export function writeTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : writeTime(ms);
}

import { l10n } from '../shared/l10n.ts';

const LANGUAGE = document.documentElement.lang || 'en';
const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(LANGUAGE, { maximumSignificantDigits: 3 });

export function number(value: number): string {
  return whole.format(value);
}

export function percent(value: number): string {
  return l10n.t('{0} %', whole.format(value));
}

/** @param ms >= 0 */
export function duration(ms: number): string {
  return ms < 1000 ? l10n.t('{0} ms', fine.format(ms)) : l10n.t('{0} s', fine.format(ms / 1000));
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** @param value bytes, >= 0 */
export function bytes(value: number): string {
  let [size, unit] = [value, 0];
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 100 ? fine.format(size) : whole.format(size)} ${UNITS[unit]}`;
}

/** One, or several, of something. @param several with `{0}` for the number */
export function counted(count: number, one: string, several: string): string {
  return count === 1 ? one : several.replace('{0}', number(count));
}

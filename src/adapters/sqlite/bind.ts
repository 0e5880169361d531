import { checkText } from '../../engine/memories/checkText.ts';
import type { SqlValue } from './driver.ts';

export type Bindable = SqlValue | boolean | bigint | Float32Array;

/**
 * The one place where parameters reach a driver. libsql aborts the process on a boolean and on invalid UTF-8, and cuts text at
 * NUL; so booleans become 0 and 1, and such text is refused with `invalid_input`.
 */
export function bind(values: readonly Bindable[]): SqlValue[] {
  return values.map(value => {
    if (typeof value === 'string') {
      checkText('A value', value, Number.POSITIVE_INFINITY);
      return value;
    }
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'bigint') return Number(value);
    if (value instanceof Float32Array)
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (value === null || typeof value === 'number' || value instanceof Uint8Array) return value;
    throw new TypeError(`cannot bind ${typeof value}`);
  });
}

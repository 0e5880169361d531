import { MemoryError } from '../../engine/errors.ts';
import { checkText } from '../../engine/memories/checkText.ts';
import type { SqlValue } from './driver.ts';

export type Bindable = SqlValue | boolean | Float32Array;

/**
 * The one place where parameters reach a driver. libsql aborts the process on a boolean and on invalid UTF-8, cuts text at NUL and
 * takes NaN for NULL; so booleans become 0 and 1, and the others are refused with `invalid_input`.
 */
export function bind(values: readonly Bindable[]): SqlValue[] {
  return values.map(value => {
    if (value === null || value instanceof Uint8Array) return value;
    if (typeof value === 'string') {
      checkText('A value', value, Number.POSITIVE_INFINITY);
      return value;
    }
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (value instanceof Float32Array) {
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
    throw new MemoryError(
      'invalid_input',
      `A value is ${typeof value === 'number' ? value : `a ${typeof value}`}, which cannot be stored.`,
      'Give text or a finite number.',
    );
  });
}

import assert from 'node:assert/strict';
import { type ErrorCode, MemoryError } from '../../../src/engine/errors.ts';

/** The call is refused with this code. */
export async function refuses(code: ErrorCode, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error: unknown) => MemoryError.is(error, code));
}

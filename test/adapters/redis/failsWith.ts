import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { type ErrorCode, MemoryError } from '../../../src/engine/errors.ts';

/** Every password of these tests holds it. */
export const SECRET = 's3cret';

/** Whether it rejects as a person understands it, and tells the password nowhere: not in its causes, nor in a log. */
export async function failsWith(
  work: Promise<unknown>,
  expected: {
    readonly code?: ErrorCode;
    readonly badCredentials?: boolean;
    readonly message: RegExp;
    readonly fix: RegExp;
  },
): Promise<void> {
  const { badCredentials = false, code = 'unavailable', message, fix } = expected;
  await assert.rejects(work, (error: unknown) => {
    assert.ok(MemoryError.is(error, code), inspect(error));
    assert.equal(error.badCredentials, badCredentials, inspect(error));
    assert.match(error.message, message);
    assert.match(error.fix, fix);
    for (const told of [
      inspect(error, { depth: 10, showHidden: true }),
      JSON.stringify(pino.stdSerializers.err(error)),
    ])
      assert.ok(!told.includes(SECRET), told);
    return true;
  });
}

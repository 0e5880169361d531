import type { Engine } from '../../../engine/engine.ts';
import { MemoryError } from '../../../engine/errors.ts';
import type { Session } from '../session.ts';
import { type Finding, fail, warn } from './finding.ts';

/** Whatever the engine checks by using it. Where the store cannot be opened nothing else can be checked. */
export async function* checkEngine(session: Session): AsyncGenerator<Finding> {
  let engine: Engine;
  try {
    engine = await session.engine();
  } catch (error) {
    if (MemoryError.is(error, 'cancelled')) throw error;
    const { message } = error as Error;
    const fix = MemoryError.is(error) ? error.fix : 'This is a bug: please report it.';
    yield MemoryError.is(error, 'not_found') ? warn('store', message, fix) : fail('store', message, fix);
    return;
  }
  for await (const { detail, name, status, ...rest } of engine.health.look(session.signal))
    yield { check: name, level: status, message: detail, ...rest };
}

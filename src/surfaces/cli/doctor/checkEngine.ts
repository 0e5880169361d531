import type { Engine } from '../../../engine/engine.ts';
import { MemoryError } from '../../../engine/errors.ts';
import type { Session } from '../session.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** The store, the model and the index, each by using it. Where the store cannot be opened nothing else can be checked. */
export async function* checkEngine(session: Session): AsyncGenerator<Finding> {
  let engine: Engine;
  try {
    engine = await session.engine();
  } catch (error) {
    yield MemoryError.is(error, 'not_found')
      ? warn('store', error.message, error.fix)
      : failed('store', error);
    return;
  }
  yield await checkStore(engine);
  yield await checkEmbedding(engine, session);
  yield await checkIndex(engine);
}

async function checkStore(engine: Engine): Promise<Finding> {
  try {
    const { store } = await engine.status({ integrity: true });
    if (store.problems.length === 0 && store.locked !== undefined) {
      return warn(
        'store',
        store.locked,
        'Put the key file back, or set MEMORY_ENCRYPTION_KEY: they are kept, and come back with their key.',
      );
    }
    if (store.problems.length === 0)
      return ok('store', `${store.location} is sound (${store.driver}, schema ${store.schemaVersion})`);
    return fail(
      'store',
      `${store.location} is damaged: ${store.problems.slice(0, 3).join('; ')}`,
      'Stop every program that uses it, then export what can be read (memory-central export) or restore a backup.',
    );
  } catch (error) {
    return failed('store', error);
  }
}

async function checkEmbedding(engine: Engine, session: Session): Promise<Finding> {
  const { settings } = session.runtime;
  if (settings['embedding.provider'] === 'off')
    return ok('embedding', 'switched off by setting: recall is lexical');
  try {
    const caller = session.caller();
    const { mode, problem } = await engine.recall.search(
      { text: 'Does the model work?', limit: 1, namespaces: [caller.namespace] },
      caller,
      session.signal,
    );
    const { embedding } = await engine.status();
    const waiting = embedding.pending > 0 ? `, waiting for their embedding: ${embedding.pending}` : '';
    if (mode === 'hybrid' && embedding.state.status !== 'failed')
      return ok('embedding', `${embedding.model} works (${embedding.state.device ?? 'cpu'})${waiting}`);
    return warn(
      'embedding',
      `recall is lexical only: ${problem ?? embedding.state.problem ?? 'the model does not answer'}`,
      'What is stored meanwhile is embedded once it works.',
    );
  } catch (error) {
    return failed('embedding', error);
  }
}

async function checkIndex(engine: Engine): Promise<Finding> {
  try {
    const { checked, repaired } = await engine.verifyIndex();
    if (repaired.length === 0) return ok('index', `agrees with the store (memories: ${checked})`);
    return warn(
      'index',
      `disagreed with the store and was rebuilt: ${repaired.slice(0, 3).join('; ')}`,
      'Nothing is to be done; report it if it comes back.',
    );
  } catch (error) {
    return failed('index', error);
  }
}

function failed(check: string, error: unknown): Finding {
  if (MemoryError.is(error, 'cancelled')) throw error;
  const fix = MemoryError.is(error) ? error.fix : 'This is a bug: please report it.';
  return fail(check, (error as Error).message, fix);
}

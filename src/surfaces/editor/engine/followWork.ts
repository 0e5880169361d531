import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import type { WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { Logger } from '../../../engine/ports/logger.ts';

/** While the store is out of reach it is tried again so often. Milliseconds. */
const AGAIN_MS = 30_000;

/** Tells what agents do in all namespaces, from now on and as far as the caller may know of it; of memories others tell. */
export function followWork(
  { feed }: Pick<Engine, 'feed'>,
  caller: Caller,
  tell: (event: WorkEvent) => void,
  logger: Logger,
): Disposable {
  let listening: Disposable | undefined;
  let again: NodeJS.Timeout | undefined;
  let disposed = false;
  const listen = async () => {
    try {
      const position = await feed.position(caller);
      if (disposed) return;
      listening = feed.listen(position, caller, undefined, ({ event }) => {
        if ('namespace' in event && event.type !== 'memory') tell(plain(event));
      });
    } catch (error) {
      logger.info('what agents do is not told yet', { reason: (error as Error).message });
      if (!disposed) again = setTimeout(() => void listen(), AGAIN_MS).unref();
    }
  };
  void listen();
  return {
    [Symbol.dispose]() {
      disposed = true;
      clearTimeout(again);
      listening?.[Symbol.dispose]();
    },
  };
}

const TYPES: readonly string[] = ['task', 'agent', 'files', 'context'] satisfies readonly WorkEvent['type'][];

/** What came over a thread's border, if it is what it should be. */
export function workEventOf(value: unknown): WorkEvent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, ...texts } = value as WorkEvent;
  const { namespace, subject, change, agent } = texts;
  const all = [namespace, subject, change, agent].every(text => typeof text === 'string');
  return all && TYPES.includes(type) ? { type, namespace, subject, change, agent } : undefined;
}

/** Without those who may know of it. */
function plain({ type, namespace, subject, change, agent }: WorkEvent): WorkEvent {
  return { type, namespace, subject, change, agent };
}

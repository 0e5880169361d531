import type { Engine } from '../../engine/engine.ts';
import { MemoryError } from '../../engine/errors.ts';
import { counted } from '../../tools/counted.ts';

/** What agents do together in a namespace. */
interface WorkIn {
  readonly waiting: number;
  readonly leased: number;
  readonly agents_online: number;
}

/** Undefined where the central Redis cannot tell it now. */
export async function workIn(namespace: string, engine: Engine): Promise<WorkIn | undefined> {
  try {
    const [{ byState }, agents] = await Promise.all([
      engine.tasks.counts([namespace]),
      engine.agents.list([namespace]),
    ]);
    return {
      waiting: byState.ready + byState.blocked + byState.retry_wait + byState.input_required,
      leased: byState.leased,
      agents_online: agents.filter(({ presence }) => presence !== 'offline').length,
    };
  } catch (error) {
    if (MemoryError.is(error, 'unavailable')) return undefined;
    throw error;
  }
}

/** Undefined where there is nothing to tell. */
export function workText({ waiting, leased, agents_online }: WorkIn): string | undefined {
  const parts = [
    ...(waiting > 0 ? [`${counted(waiting, 'task')} waiting`] : []),
    ...(leased > 0 ? [`${counted(leased, 'task')} being done`] : []),
    ...(agents_online > 0 ? [`${counted(agents_online, 'agent')} online`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

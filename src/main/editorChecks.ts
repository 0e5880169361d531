import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Finding, RedisTrial } from '../surfaces/editor/engine/engineMessages.ts';
import { checkMachine } from './checkMachine.ts';
import type { Installed } from './installed.ts';
import { redisOptions } from './openStore.ts';

/** Looks at the central Redis of these settings, without using it yet. Rejects with what is wrong there. */
export async function tryRedis(settings: Settings): Promise<RedisTrial> {
  const options = redisOptions(settings);
  if (!options)
    throw new MemoryError('invalid_input', 'No central Redis is named.', 'Give its address, as host:port.');
  const { inspectRedis } = await import('../adapters/redis/inspectRedis.ts');
  const { problems, summary } = await inspectRedis(options);
  return { summary, problems: problems.map(({ problem }) => problem) };
}

interface Examined extends Installed {
  engine(): Promise<Engine>;
}

/** As `memory-central doctor` does, but for the clients, which only the command line knows. */
export async function examine(examined: Examined, signal: AbortSignal): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of checkMachine(examined)) {
    signal.throwIfAborted();
    found.push(finding);
  }
  try {
    const engine = await examined.engine();
    for await (const { detail, name, status, ...rest } of engine.health.look(signal))
      found.push({ check: name, level: status, message: detail, ...rest });
  } catch (error) {
    if (!MemoryError.is(error) || error.code === 'cancelled') throw error;
    found.push({ check: 'store', level: 'fail', message: error.message, fix: error.fix });
  }
  return found;
}

import { MemoryError } from '../errors.ts';
import type { CentralLog } from '../ports/centralLog.ts';
import type { Replica } from '../ports/replica.ts';
import { anotherMemory } from './anotherMemory.ts';

/** A replica follows the log that it met first. Rejects with `conflict` where another one is there now, or an older state of it. */
export async function checkLog(log: CentralLog, replica: Replica): Promise<void> {
  const [here, there] = [await replica.logId(), await log.id()];
  if (here === undefined) return replica.follow(await log.keptId());
  if (here !== there) throw anotherMemory(log.address);
  await checkHistory(log, replica);
}

/** A log that lost entries and went on would hold others at their places. */
async function checkHistory(log: CentralLog, replica: Replica): Promise<void> {
  const [position, last] = [await replica.position(), await replica.lastOperation()];
  if (last === undefined || (await log.holds(position, last))) return;
  throw new MemoryError(
    'conflict',
    `The log of ${log.address} holds another entry at ${position} than this machine has seen: it has lost changes and gone on.`,
    'This machine still has them: see "The log went back" in docs/operations.md.',
  );
}

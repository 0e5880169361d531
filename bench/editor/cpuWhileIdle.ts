import { setTimeout as sleep } from 'node:timers/promises';

/** Until the editor's own extensions have started, and what was done before has ended. */
const SETTLE_MS = 10_000;
const QUIET_MS = 20_000;

/** What all threads of this process use of a core while nothing happens, in percent. */
export async function cpuWhileIdle(): Promise<number> {
  await sleep(SETTLE_MS);
  const before = process.cpuUsage();
  await sleep(QUIET_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 10 / QUIET_MS;
}

import { openDriver } from '../openDriver.ts';

/** How many changes wait in the replica of this file; 0 where it is of an older release, or none of ours. */
export async function waitingIn(path: string): Promise<number> {
  const driver = await openDriver(path);
  try {
    return driver.prepare('SELECT count(*) AS n FROM outbox').get([])!['n'] as number;
  } catch {
    return 0;
  } finally {
    driver.close();
  }
}

import { ENDED } from '../../engine/tasks/taskMachine.ts';
import { openDriver } from './openDriver.ts';

export interface OpenWork {
  /** Tasks that have not ended. */
  readonly tasks: number;
  /** Contexts that are shared still. */
  readonly contexts: number;
  /** Tokens that are not over. */
  readonly tokens: number;
}

/** What agents and operators left in a store's file; nothing for a file that is not of this release. @param now ms */
export async function countOpenWork(path: string, now: number): Promise<OpenWork> {
  const driver = await openDriver(path);
  try {
    const count = (sql: string, values: readonly (string | number)[]) =>
      driver.prepare(sql).get(values)!['n'] as number;
    return {
      tasks: count(
        `SELECT count(*) AS n FROM tasks WHERE state NOT IN (${ENDED.map(() => '?').join(', ')})`,
        ENDED,
      ),
      contexts: count('SELECT count(*) AS n FROM contexts WHERE expires_at IS NULL OR expires_at > ?', [now]),
      tokens: count('SELECT count(*) AS n FROM tokens WHERE expires_at IS NULL OR expires_at > ?', [now]),
    };
  } catch {
    return { tasks: 0, contexts: 0, tokens: 0 };
  } finally {
    driver.close();
  }
}

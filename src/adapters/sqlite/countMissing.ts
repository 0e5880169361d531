import { EXPIRED } from './conditions.ts';
import { openDriver } from './openDriver.ts';

const COMPANY_OF = (table: string) =>
  `CASE ${table}.visibility WHEN 'public' THEN '' ELSE ${table}.owner END`;

/**
 * How many memories of a store's file, whoever may see them, another one does not know, neither by id (forgotten ones are known) nor by
 * content. 0 for a file that is not of this release.
 * @param known undefined: none is known
 */
export async function countMissing(path: string, known: string | undefined, now: number): Promise<number> {
  const driver = await openDriver(path);
  try {
    const live = `deleted_at IS NULL AND NOT (${EXPIRED})`;
    if (known === undefined)
      return driver.prepare(`SELECT count(*) AS n FROM memories WHERE ${live}`).get([now])!['n'] as number;
    driver.exec(`ATTACH '${known.replaceAll("'", "''")}' AS known`);
    return driver
      .prepare(
        `SELECT count(*) AS n FROM main.memories AS one WHERE ${live}
           AND NOT EXISTS (SELECT 1 FROM known.memories AS other WHERE other.id = one.id)
           AND NOT EXISTS (SELECT 1 FROM known.memories AS other WHERE other.deleted_at IS NULL AND other.namespace = one.namespace
             AND other.content_hash = one.content_hash AND ${COMPANY_OF('other')} = ${COMPANY_OF('one')})`,
      )
      .get([now])!['n'] as number;
  } catch {
    return 0;
  } finally {
    driver.close();
  }
}

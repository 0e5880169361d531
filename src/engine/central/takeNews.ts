import type { CentralLog } from '../ports/centralLog.ts';
import type { Logger } from '../ports/logger.ts';
import type { CentralState, LogEntry, Replica, Standing } from '../ports/replica.ts';

/** Entries that are fetched at once. */
const FETCHED = 500;
/** Memories that are fetched at once. */
const ADOPTED = 200;
/** What is fetched before it is taken over where changes wait here: these are done anew after it, all of them each time. */
const GATHERED = { items: 5_000, characters: 16_000_000 };

/**
 * Makes a replica level with the central log.
 * @param gaining told whenever a part of much news has come
 * @returns where it stands then
 */
export async function takeNews(
  log: CentralLog,
  replica: Replica,
  logger: Logger,
  gaining: () => void,
): Promise<Standing> {
  for (;;) {
    const standing = await replica.standing();
    const { position, waiting } = standing;
    const entries = await gather(log, position, waiting > 0, gaining);
    if (entries?.length === 0) return standing;
    if (entries) await replica.apply(entries);
    else await adopt(log, replica, waiting > 0, gaining, logger);
    if (entries && entries.length < FETCHED) return replica.standing();
    gaining();
  }
}

/** @returns entries after the position; undefined when some of them are no longer kept */
async function gather(
  log: CentralLog,
  position: number,
  much: boolean,
  gaining: () => void,
): Promise<readonly LogEntry[] | undefined> {
  const found: LogEntry[] = [];
  let characters = 0;
  for (;;) {
    const page = await log.after(found.at(-1)?.position ?? position, FETCHED);
    if (!page) return found.length > 0 ? found : undefined;
    found.push(...page);
    for (const { entry } of page) characters += entry.length;
    if (page.length < FETCHED || !much || isEnough(found.length, characters)) return found;
    gaining();
  }
}

/** Further behind than the log goes back: memories are taken as they are, only those that changed since. */
async function adopt(
  log: CentralLog,
  replica: Replica,
  much: boolean,
  gaining: () => void,
  logger: Logger,
): Promise<void> {
  let from = await replica.position();
  let first: number | undefined;
  let found: CentralState[] = [];
  let characters = 0;
  for (;;) {
    const { head, states } = await log.statesAfter(from, ADOPTED);
    first ??= head;
    found.push(...states);
    for (const { state } of states) characters += JSON.stringify(state).length;
    const last = states.length < ADOPTED;
    if (last || !much || isEnough(found.length, characters)) {
      await replica.adopt(found, last ? first : undefined);
      [found, characters] = [[], 0];
    }
    if (last) break;
    gaining();
    from = states.at(-1)!.position;
  }
  logger.info('the replica starts from the memories as they are', { position: first });
}

function isEnough(items: number, characters: number): boolean {
  return items >= GATHERED.items || characters >= GATHERED.characters;
}

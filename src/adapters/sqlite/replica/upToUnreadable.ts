import { MemoryError } from '../../../engine/errors.ts';

/** What is told of one that cannot be read: what it is, as the subject of a sentence, and what to do. */
export interface Unreadable {
  readonly subject: string;
  readonly fix: string;
}

/**
 * Takes all of these at once; where one of them cannot be read, those before it, so that nothing is passed over in silence.
 * Rejects with `conflict` that names the one, or with what else kept them from being taken.
 *
 * @param take takes these, all or none
 */
export async function upToUnreadable<T>(
  all: readonly T[],
  take: (some: readonly T[]) => Promise<void>,
  tell: (one: T) => Unreadable,
): Promise<void> {
  try {
    await take(all);
  } catch (error) {
    if (!isOfItself(error)) throw error;
    for (const one of all) await takeOne(one, take, tell);
  }
}

async function takeOne<T>(
  one: T,
  take: (some: readonly T[]) => Promise<void>,
  tell: (one: T) => Unreadable,
): Promise<void> {
  try {
    await take([one]);
  } catch (error) {
    if (!isOfItself(error)) throw error;
    const { subject, fix } = tell(one);
    const reason = (error as Error).message.replace(/\.$/, '');
    throw new MemoryError('conflict', `${subject} cannot be read (${reason}).`, fix, { cause: error });
  }
}

/** Not the store's own trouble, such as a full disk, nor what the change is refused for. */
function isOfItself(error: unknown): boolean {
  return !MemoryError.is(error) || error.code === 'invalid_input';
}

import type { Session } from './session.ts';

/**
 * A memory is found by its words at once, by its meaning once it is embedded: who asks at once should know.
 * @param sooner what else brings it about
 */
export async function tellOfWaiting(session: Session, sooner: string): Promise<void> {
  if (session.quiet || session.json) return;
  const { mode, embedding } = await (await session.engine()).status();
  if (mode !== 'hybrid' || embedding.pending === 0) return;
  const many = embedding.pending === 1 ? '1 memory is' : `${embedding.pending} memories are`;
  session.note(`${many} found by words only until embedded: while an agent is connected, or ${sooner}.`);
}

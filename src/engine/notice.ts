import type { Caller } from './model/caller.ts';
import type { MemoryIndex } from './ports/memoryIndex.ts';
import type { CentralStatus, Store } from './ports/store.ts';

/** What whoever asks must know beside the answer; undefined when all is well. */
export async function noticeFor(
  { rights }: Caller,
  store: Store,
  index: MemoryIndex,
): Promise<string | undefined> {
  const central = centralNotice(await store.central?.(), rights?.namespaces === undefined);
  // That Redis is out of reach says enough.
  return central ?? (index.problem === undefined ? undefined : `search: ${index.problem}`);
}

/** @param counts false: how much waits is no matter of who is bound to some namespaces */
function centralNotice(central: CentralStatus | undefined, counts: boolean): string | undefined {
  if (!central || (central.problem === undefined && central.waiting === 0)) return undefined;
  if (!counts) return central.problem && `offline: ${central.problem}`;
  const waiting = `${central.waiting} ${central.waiting === 1 ? 'write' : 'writes'} waiting`;
  return central.problem === undefined ? waiting : `offline, ${waiting}: ${central.problem}`;
}

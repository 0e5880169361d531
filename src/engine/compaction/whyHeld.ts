import { type Caller, viewerOf } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { ContextStore } from '../ports/contextStore.ts';
import type { OperationLog } from '../ports/operationLog.ts';
import { wasTakenApart } from './journal.ts';

const OPERATIONS_LOOKED_AT = 500;
const CONTEXTS_LOOKED_AT = 100;

interface Means {
  readonly store: { readonly operations: OperationLog };
  readonly contexts: ContextStore;
}

/**
 * Why a memory is left alone that might be merged otherwise: what somebody took apart stays apart, and what its owner shares with agents, as
 * itself or with the session that it is of, stays what it is.
 * @param eyes through which it is seen
 */
export async function whyHeld(
  { id, owner, session }: Memory,
  eyes: Caller,
  { contexts, store }: Means,
): Promise<'taken apart' | 'shared' | undefined> {
  const operations = await store.operations.recent(OPERATIONS_LOOKED_AT, viewerOf(eyes), { memoryId: id });
  if (wasTakenApart(operations)) return 'taken apart';
  const viewer = { principal: owner, client: '' };
  const found = await contexts.list({ memoryId: id }, viewer, { limit: CONTEXTS_LOOKED_AT, offset: 0 });
  const shares = found.some(
    one => one.memoryIds.includes(id) || (session !== null && one.session === session),
  );
  return shares ? 'shared' : undefined;
}

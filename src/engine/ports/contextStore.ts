import type { Viewer } from '../model/caller.ts';
import type { NewContext, SharedContext } from '../model/context.ts';
import type { Span } from '../model/span.ts';

export interface ContextFilter {
  readonly namespaces?: readonly string[];
  readonly ids?: readonly string[];
  /** Shared by, or with, this agent. */
  readonly withAgent?: string;
  readonly topic?: string;
  /** Only those that may share this memory: they name it, or a session. */
  readonly memoryId?: string;
  /** Left out: what this principal has acknowledged. */
  readonly unacknowledgedBy?: string;
}

/**
 * What agents share with each other. A revoked or expired context is gone for everybody at once. Shared, revoked and acknowledged are told as
 * the event `context`, to the sharer and the receivers only. Methods reject with `unavailable` when the store does not answer in time.
 */
export interface ContextStore {
  /** Rejects with `conflict` when the id is taken. */
  share(context: NewContext): Promise<SharedContext>;

  /** Of those that this viewer shares or receives. Newest first. @see engine/contexts/mayRead.ts, the one place that says who does */
  list(filter: ContextFilter, viewer: Viewer, span: Span): Promise<readonly SharedContext[]>;

  /** Only its owner may: rejects with `forbidden`, and with `not_found` for what the viewer does not see. */
  revoke(namespace: string, id: string, viewer: Viewer): Promise<void>;

  /** The viewer has read it; again changes nothing. Those that it does not receive are left out. @returns how many were new */
  acknowledge(namespace: string, ids: readonly string[], viewer: Viewer): Promise<number>;

  /** Removes what has expired or was revoked. @returns how many */
  purge(limit: number): Promise<number>;
}

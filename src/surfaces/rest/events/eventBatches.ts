import type { Caller } from '../../../engine/model/caller.ts';
import type { CallTool } from '../../../tools/callTool.ts';

const MOST = 100;

export interface EventBatch {
  readonly events: readonly (Readonly<Record<string, unknown>> & {
    readonly id: string;
    readonly type: string;
  })[];
  /** To go on from. */
  readonly cursor: string;
}

export interface Watching {
  /** undefined: from now on */
  readonly cursor: string | undefined;
  /** As `watch_events` takes it. */
  readonly namespace: string | undefined;
  /** A batch comes at least so often, be it empty; ms. */
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
}

/**
 * What happens, batch by batch, the first at once. Nothing is kept for whoever reads slowly: the next batch is fetched from the log when the one
 * before was taken. Ends when the signal fires; rejects as `watch_events` does.
 */
export async function* eventBatches(
  call: CallTool,
  caller: Caller,
  { cursor: from, heartbeatMs, namespace, signal }: Watching,
): AsyncGenerator<EventBatch, void> {
  let cursor = from;
  for (let waits = 0; !signal.aborted; waits = heartbeatMs / 1000) {
    const input = { cursor, namespace, wait_seconds: waits, limit: MOST };
    const { structured } = await call('watch_events', input, caller, { patience: signal });
    const batch = structured as unknown as EventBatch;
    cursor = batch.cursor;
    yield batch;
  }
}

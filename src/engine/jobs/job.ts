import type { Engine } from '../engine.ts';
import type { JobData, JobProgress } from '../ports/jobQueue.ts';

export interface JobContext {
  readonly engine: Engine;
  /** The job's, the same at each attempt: by it an effect is known that was there already. */
  readonly id: string;
  /** Fires when the worker stops or has lost the job: reject with `cancelled` then. */
  readonly signal: AbortSignal;
  progress(report: JobProgress): void;
}

/**
 * Work that a worker does by itself, defined once; `jobs.ts` lists all of them. A worker may die at any point, and the job is begun again: what
 * was done twice must be as if it was done once.
 */
export interface Job<P = unknown, R extends JobData = JobData> {
  /** snake_case, stable. */
  readonly name: string;
  /** What it does, for an operator. */
  readonly description: string;
  /** How often it is done by itself, ms; null: only when it is asked for. */
  readonly everyMs: number | null;
  /** It concerns what one machine keeps for itself, and is not done by itself where machines share a memory. Default false */
  readonly ofOneMachine?: boolean;
  /** Throws `invalid_input` for a payload that is none. */
  read(payload: JobData): P;
  /** @returns what an operator is to see of it. Rejects with `invalid_input` where trying again is no use */
  run(payload: P, context: JobContext): Promise<R>;
}

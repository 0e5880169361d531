import type { VerifyReport } from '../engine.ts';

/** Is told what the engine does, in the midst of it: it takes microseconds and throws nothing. */
export interface EngineObserver {
  /** @param ms a recall as a whole took, >= 0 */
  searched(ms: number): void;
  /** Index and store were compared. */
  verified(report: VerifyReport): void;
}

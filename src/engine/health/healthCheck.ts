/** What one check found. */
export interface HealthFinding {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** For a person. */
  readonly detail: string;
  /** What to do; of a warning or failure. */
  readonly fix?: string;
}

/** Looks at one thing by using it. */
export interface HealthCheck {
  /** Stable: callers choose by it. */
  readonly name: string;
  /** Whatever it rejects with is a failure of what it looks at; undefined where there is nothing of the kind here. */
  look(signal: AbortSignal): Promise<Omit<HealthFinding, 'name'> | undefined>;
}

type Found = Omit<HealthFinding, 'name'>;

export const ok = (detail: string): Found => ({ status: 'ok', detail });
export const warn = (detail: string, fix: string): Found => ({ status: 'warn', detail, fix });
export const fail = (detail: string, fix: string): Found => ({ status: 'fail', detail, fix });

/** `delayed`: not before its time. `dead`: failed as often as it may, and waits for a person. */
export const JOB_STATES = ['waiting', 'delayed', 'active', 'completed', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** JSON; what a job is given, and what it leaves. */
export type JobData = Readonly<Record<string, unknown>>;

/** How far a job has come. */
export interface JobProgress {
  readonly done: number;
  /** Unknown while absent. */
  readonly total?: number;
  readonly message?: string;
}

export interface JobRequest {
  readonly name: string;
  readonly payload: JobData;
  /**
   * Idempotency key, which becomes the job's id: a second job of this key is not added while the first is kept. 1..128 letters, digits,
   * `.`, `_` and `-`, not digits alone. Default: none, the queue gives an id
   */
  readonly key?: string;
  /** Not before so many ms. Default 0 */
  readonly delayMs?: number;
}

/** What is known of a job. Times are ms since the epoch, of the queue's clock. */
export interface JobRecord {
  readonly id: string;
  readonly name: string;
  readonly payload: JobData;
  readonly state: JobState;
  readonly progress: JobProgress | null;
  /** How often it was begun. */
  readonly attempts: number;
  /** What it left; null while it is not completed, or left nothing. */
  readonly result: JobData | null;
  /** Why the last attempt failed; null: none did. */
  readonly problem: string | null;
  readonly createdAt: number;
  /** When it may begin; null once it has. */
  readonly dueAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** A job that is added again and again. */
export interface JobSchedule {
  /** 1..100 letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly name: string;
  readonly payload: JobData;
  /** ms, >= 100 */
  readonly everyMs: number;
}

export interface PlannedSchedule extends JobSchedule {
  /** ms since the epoch; null where that is not known. */
  readonly nextAt: number | null;
}

export interface JobCounts {
  readonly byState: Readonly<Record<JobState, number>>;
  readonly paused: boolean;
}

/** An attempt at a job. */
export interface JobAttempt {
  readonly id: string;
  readonly name: string;
  readonly payload: JobData;
  /** 1 at first. */
  readonly attempt: number;
  /** Fires when the worker stops, or when the job is not this worker's any more: another may be doing it then. */
  readonly signal: AbortSignal;
  /** Never rejects, and may be called often: the newest counts. */
  progress(report: JobProgress): void;
}

/** What a worker tells of. */
export type JobEvent =
  | { readonly kind: 'started' | 'completed' | 'given_back'; readonly id: string; readonly name: string }
  /** `dead`: it will not be tried again. */
  | {
      readonly kind: 'failed';
      readonly id: string;
      readonly name: string;
      readonly problem: string;
      readonly dead: boolean;
    }
  /** This worker does not know it; another may. */
  | { readonly kind: 'left'; readonly id: string; readonly name: string; readonly problem: string }
  /** Whoever did it has died, or was held up for longer than its lease. */
  | { readonly kind: 'lost'; readonly id: string }
  /** The queue does not answer; it is tried again by itself. */
  | { readonly kind: 'unavailable'; readonly problem: string };

export interface JobWorkOptions {
  /** Jobs at once, 1..100. */
  readonly concurrency: number;
  /** A job of another name is left for a worker that knows it, such as one of a newer release; that is no attempt. */
  readonly knows: (name: string) => boolean;
  /**
   * Does an attempt. What it returns is kept as the result. `invalid_input` is not tried again; anything else is, with growing pauses.
   */
  readonly run: (attempt: JobAttempt) => Promise<JobData | undefined>;
  readonly onEvent: (event: JobEvent) => void;
}

/** Somebody who does jobs, until it is stopped. */
export interface JobWorker {
  /** Jobs under way. */
  readonly active: number;
  /**
   * Takes no more jobs, and waits for those under way; what is not done after `graceMs` is aborted and given back without counting as an
   * attempt.
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Jobs that outlive processes. One that was added is done, whoever dies, by one worker at a time; after a death it is begun again, so that
 * what it does has to be the same when it is done twice. Each call rejects with `unavailable` when the queue cannot be reached in time.
 */
export interface JobQueue extends AsyncDisposable {
  /** Where it is, without secrets. */
  readonly place: string;

  /** Durable once it resolves. @returns `added` false: there is a job of this key. Rejects with `invalid_input` for a key that is none */
  add(request: JobRequest): Promise<{ readonly id: string; readonly added: boolean }>;

  find(id: string): Promise<JobRecord | undefined>;

  /** @param states of which @param limit 1..1000 @returns newest first, by when they were added */
  list(states: readonly JobState[], limit: number): Promise<readonly JobRecord[]>;

  counts(): Promise<JobCounts>;

  /** No worker takes a job until `resume`; those under way are done. */
  pause(): Promise<void>;
  resume(): Promise<void>;

  /** Dead jobs are tried again, as if they were new; the others are left alone. @param ids undefined: all dead ones @returns how many */
  requeue(ids?: readonly string[]): Promise<number>;

  /** Removes jobs that are not under way, for good. @param ids undefined: all of this state @returns how many */
  purge(state: Exclude<JobState, 'active'>, ids?: readonly string[]): Promise<number>;

  /**
   * Adds or replaces it. The first job comes at a multiple of its interval, the next or one some seconds later; none is added while the one
   * before has not begun.
   */
  schedule(schedule: JobSchedule): Promise<void>;
  /** @returns false: there was none */
  unschedule(id: string): Promise<boolean>;
  schedules(): Promise<readonly PlannedSchedule[]>;

  /** From now on this process does jobs. */
  work(options: JobWorkOptions): JobWorker;
}

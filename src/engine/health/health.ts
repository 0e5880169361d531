import { MemoryError } from '../errors.ts';
import { within } from '../within.ts';
import { fail, type HealthCheck, type HealthFinding } from './healthCheck.ts';

/** A comparison of a large index takes some seconds; nothing else takes so long when it is well. */
const DEADLINE_MS = 60_000;

/** Everything that can be looked at. Checks are independent: one that fails or hangs keeps no other from its answer. */
export class Health {
  readonly #checks: readonly HealthCheck[];
  readonly #deadlineMs: number;

  /** @param deadlineMs longest wait for one check; default 60,000 */
  constructor(checks: readonly HealthCheck[], deadlineMs = DEADLINE_MS) {
    this.#checks = checks;
    this.#deadlineMs = deadlineMs;
  }

  get names(): readonly string[] {
    return this.#checks.map(({ name }) => name);
  }

  /**
   * All at once; findings come in the order of the checks. Rejects with `invalid_input` for a name that no check has, with `cancelled`
   * when the signal fires.
   * @param only names of checks; default: all
   */
  async *look(signal: AbortSignal, only?: readonly string[]): AsyncGenerator<HealthFinding> {
    const unknown = only?.find(name => !this.names.includes(name));
    if (unknown !== undefined)
      throw new MemoryError(
        'invalid_input',
        `There is no check "${unknown}".`,
        `Use ${this.names.join(', ')}.`,
      );
    const chosen = this.#checks.filter(({ name }) => only?.includes(name) ?? true);
    const running = chosen.map(check => this.#found(check, signal));
    for (const one of running) {
      const finding = await one;
      if (signal.aborted) throw new MemoryError('cancelled', 'The checks were stopped.', 'Start them again.');
      if (finding) yield finding;
    }
  }

  async #found({ look, name }: HealthCheck, signal: AbortSignal): Promise<HealthFinding | undefined> {
    const stop = new AbortController();
    const cancel = () => stop.abort();
    signal.addEventListener('abort', cancel);
    const late = () => {
      stop.abort();
      return fail(`did not end within ${this.#deadlineMs / 1000} s`, 'Look into the log; try it alone.');
    };
    try {
      const found = await within(look(stop.signal), this.#deadlineMs, late);
      return found && { name, ...found };
    } catch (error) {
      return { name, ...failed(error) };
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

function failed(error: unknown): ReturnType<typeof fail> {
  const fix = MemoryError.is(error) ? error.fix : 'This is a bug: please report it.';
  return fail(error instanceof Error ? error.message : String(error), fix);
}

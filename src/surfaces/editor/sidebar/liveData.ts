import { Burst } from '../burst.ts';
import { problemText, RETRY_MS } from '../problem.ts';

export interface LiveDataOptions<T> {
  readonly read: () => Promise<T>;
  /** What changes with time alone is read again so often while it is seen, milliseconds; undefined: nothing does. */
  readonly againMs?: (value: T) => number | undefined;
  /** What could not be read is tried again so often while it is seen, milliseconds; default 5,000. */
  readonly retryMs?: number;
}

/** What views show: read when one of them is seen, read anew when it may have changed, and never while none is seen. */
export class LiveData<T> {
  readonly #options: LiveDataOptions<T>;
  readonly #burst = new Burst(() => this.#renew());
  readonly #changed = new Set<() => void>();
  readonly #read = new Set<() => void>();
  readonly #seen = new Set<string>();
  #reading: Promise<void> | undefined;
  #value: T | undefined;
  /** Of what was read, with the problem; and the same of what all views were told of: by these it is known whether it is another. */
  #text: string | undefined;
  #told: string | undefined;
  /** A view has asked for what not all were told of: they may show different things. */
  #uneven = false;
  #problem: string | undefined;
  #stale = true;
  #touches = 0;
  #again: NodeJS.Timeout | undefined;

  /** It was read, or could not be. */
  readonly onDidRead = listening(this.#read);
  /** Another value, or another problem. */
  readonly onDidChange = listening(this.#changed);

  constructor(options: LiveDataOptions<T>) {
    this.#options = options;
  }

  /** Why it could not be read, and what to do; undefined: it could. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** A view appears or is hidden. */
  show(view: string, visible: boolean): void {
    if (visible) this.#seen.add(view);
    else this.#seen.delete(view);
    if (this.#seen.size === 0) clearTimeout(this.#again);
    // The views ask for it then.
    else if (this.#stale && !this.#reading) tell(this.#changed);
  }

  /** It may have changed. */
  touch(): void {
    this.#stale = true;
    this.#touches++;
    if (this.#seen.size > 0) this.#burst.soon();
  }

  /** undefined: it cannot be read, see `problem`. */
  async current(): Promise<T | undefined> {
    if (this.#stale || this.#reading) await this.#load();
    this.#uneven ||= this.#text !== this.#told;
    return this.#value;
  }

  dispose(): void {
    clearTimeout(this.#again);
    this.#burst.dispose();
    this.#changed.clear();
    this.#read.clear();
  }

  /** @param anyway what is shown depends on the time, too */
  async #renew(anyway = false): Promise<void> {
    // It may be hidden by now.
    if (this.#seen.size === 0) return;
    await this.#load();
    if (!anyway && !this.#uneven && this.#text === this.#told) return;
    this.#told = this.#text;
    this.#uneven = false;
    tell(this.#changed);
  }

  /** Who asks while it is read gets that. */
  #load(): Promise<void> {
    this.#reading ??= this.#loadNow().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #loadNow(): Promise<void> {
    const touches = this.#touches;
    this.#stale = false;
    try {
      this.#value = await this.#options.read();
      this.#problem = undefined;
    } catch (error) {
      // Asked again with the next change, when a person looks again, and after a while: what was locked or full may not be any more.
      this.#stale = true;
      this.#value = undefined;
      this.#problem = problemText(error);
    }
    this.#text = JSON.stringify([this.#value, this.#problem]);
    // At first each view asks for itself.
    this.#told ??= this.#text;
    tell(this.#read);
    // What happened while it was read may not be in it.
    if (touches !== this.#touches && this.#seen.size > 0) this.#burst.soon();
    this.#lookAgain();
  }

  #lookAgain(): void {
    clearTimeout(this.#again);
    const { againMs, retryMs = RETRY_MS } = this.#options;
    const failed = this.#problem !== undefined;
    const ms = failed ? retryMs : this.#value === undefined ? undefined : againMs?.(this.#value);
    // What is shown of a failure does not depend on the time.
    if (ms !== undefined && this.#seen.size > 0)
      this.#again = setTimeout(() => void this.#renew(!failed), ms);
  }
}

function listening(listeners: Set<() => void>) {
  return (listener: () => void) => {
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  };
}

function tell(listeners: ReadonlySet<() => void>): void {
  for (const listener of listeners) listener();
}

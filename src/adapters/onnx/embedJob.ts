import { MemoryError } from '../../engine/errors.ts';

/** Texts of one call that are sent to the process together: small, so that little is repeated or computed in vain. */
const GROUP_TEXTS = 16;

/** A part of a job, `[start, end)` of its texts. */
export interface Group {
  readonly job: EmbedJob;
  readonly start: number;
  readonly end: number;
}

/** One call to `embed`: its groups wait, are sent, answered, or sent again. Settles its promise once. */
export class EmbedJob {
  readonly texts: readonly string[];
  readonly urgent: boolean;
  readonly promise: Promise<readonly Float32Array[]>;
  /** Crashes of the process while a group of this job was with it. */
  crashes = 0;
  settled = false;
  readonly #vectors: Float32Array[];
  readonly #waiting: Group[] = [];
  readonly #dimensions: number;
  readonly #finish: (error?: MemoryError) => void;
  #left: number;

  constructor(
    texts: readonly string[],
    dimensions: number,
    signal: AbortSignal | undefined,
    onSettled: () => void,
  ) {
    this.texts = texts;
    // A single text is a question that somebody waits for.
    this.urgent = texts.length === 1;
    this.#dimensions = dimensions;
    this.#vectors = new Array<Float32Array>(texts.length);
    this.#left = texts.length;
    for (let start = 0; start < texts.length; start += GROUP_TEXTS) {
      this.#waiting.push({ job: this, start, end: Math.min(start + GROUP_TEXTS, texts.length) });
    }
    const abort = () =>
      this.reject(new MemoryError('cancelled', 'The call was cancelled.', 'Call again if needed.'));
    let finish: (error?: MemoryError) => void = () => {};
    this.promise = new Promise((resolve, reject) => {
      finish = error => {
        if (this.settled) return;
        this.settled = true;
        signal?.removeEventListener('abort', abort);
        if (error === undefined) resolve(this.#vectors);
        else reject(error);
        onSettled();
      };
    });
    this.#finish = finish;
    signal?.addEventListener('abort', abort);
  }

  /** The next group to send; undefined when none waits. */
  take(): Group | undefined {
    return this.settled ? undefined : this.#waiting.shift();
  }

  giveBack(group: Group): void {
    this.#waiting.unshift(group);
  }

  accept(group: Group, vectors: Float32Array): void {
    for (let i = group.start; i < group.end; i++) {
      const at = (i - group.start) * this.#dimensions;
      this.#vectors[i] = vectors.slice(at, at + this.#dimensions);
    }
    this.#left -= group.end - group.start;
    if (this.#left === 0) this.#finish();
  }

  reject(error: MemoryError): void {
    this.#finish(error);
  }
}

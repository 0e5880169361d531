import type { ImportProblem } from '../ports/importSource.ts';

/** What an import did, or (dry run) would do. */
export interface ImportSummary {
  readonly added: number;
  /** Changed in the source since the last import; the old versions are kept. */
  readonly updated: number;
  readonly unchanged: number;
  /** The same content was there already under another id. */
  readonly duplicates: number;
  /** Gone from the source, still remembered unless pruned. */
  readonly removed: readonly string[];
  readonly pruned: number;
  readonly skipped: number;
  /** The first 100 of the skipped. */
  readonly problems: readonly ImportProblem[];
  /** Memories in which secrets were masked. */
  readonly masked: number;
}

const SHOWN_PROBLEMS = 100;

/** Counts while an import runs. */
export class ImportTally {
  added = 0;
  updated = 0;
  unchanged = 0;
  duplicates = 0;
  pruned = 0;
  masked = 0;
  skipped = 0;
  readonly removed: string[] = [];
  readonly #problems: ImportProblem[] = [];

  skip(problem: ImportProblem): void {
    this.skipped++;
    if (this.#problems.length < SHOWN_PROBLEMS) this.#problems.push(problem);
  }

  get done(): number {
    return this.added + this.updated + this.unchanged + this.duplicates + this.skipped;
  }

  summary(): ImportSummary {
    const { added, updated, unchanged, duplicates, removed, pruned, skipped, masked } = this;
    return {
      added,
      updated,
      unchanged,
      duplicates,
      removed,
      pruned,
      skipped,
      problems: this.#problems,
      masked,
    };
  }
}

/** A file as it lies on this machine. */
export interface WorkingFile {
  /** Absolute, as this machine writes it. */
  readonly file: string;
  /** Another one once the file was written. */
  readonly stamp: string;
  /** undefined for what is no text, is longer than a megabyte, or has gone meanwhile. */
  text(): Promise<string | undefined>;
}

/** What became of a file that is not there, as the repository's history tells. */
export type FileFate =
  | { readonly kind: 'renamed'; readonly path: string }
  | { readonly kind: 'deleted'; readonly commit: string }
  /** A commit has it, and this branch never had. */
  | { readonly kind: 'elsewhere'; readonly commit: string }
  | { readonly kind: 'unknown' };

/** The repositories that are checked out on this machine, as far as this process works in them. */
export interface WorkingCopies {
  /**
   * Cheap: no file is read.
   *
   * @param repository its name, such as `github.com/owner/name` @param path relative to its root
   * @returns `absent` where the repository is at hand without that file; undefined where it is not at hand, and for a path that leads out
   */
  look(repository: string, path: string): Promise<WorkingFile | 'absent' | undefined>;

  /**
   * Asks the history, which takes a moment; never rejects but for the signal.
   *
   * @param commit that had the file once; undefined when none is known
   */
  fateOf(
    repository: string,
    path: string,
    commit: string | undefined,
    signal: AbortSignal,
  ): Promise<FileFate>;

  /** Names that the file had before, the latest first, 20 at most; empty where the history cannot be asked. */
  formerPaths(repository: string, path: string, signal: AbortSignal): Promise<readonly string[]>;
}

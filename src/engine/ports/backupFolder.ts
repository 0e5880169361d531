/** Copies of the store, each a file with a name. */
export interface BackupFolder {
  /** Names of those that are whole, in the order of their names. */
  list(): Promise<readonly string[]>;
  /**
   * One that is there is whole and on disk, whoever dies meanwhile.
   * @param write gets the path of a file that is not there
   * @returns where it is, and its length in bytes. Rejects with `unavailable` when it cannot be written
   */
  add(name: string, write: (path: string) => Promise<void>): Promise<BackupFile>;
  /** Nothing happens when it is not there. */
  remove(name: string): Promise<void>;
  find(name: string): Promise<BackupFile | undefined>;
}

export interface BackupFile {
  readonly path: string;
  readonly bytes: number;
}

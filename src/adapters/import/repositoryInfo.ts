/** What a folder belongs to. */
export interface RepositoryInfo {
  /** Folder of the repository; undefined outside of one. */
  readonly root: string | undefined;
  /** As a namespace: `github.com/owner/name`, or the folder's name with a hash. */
  readonly name: string;
}

export type FindRepository = (folder: string) => RepositoryInfo;

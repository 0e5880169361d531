import type { Viewer } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { SearchHit, SearchQuery } from '../search/searchQuery.ts';

/** Whose vectors are searched. */
export interface IndexModel {
  readonly id: string;
  /** 1..4096 */
  readonly dimensions: number;
}

/** Where a search looks: in an index that this process holds, or in one that the central Redis holds for all. */
export type SearchedIn = 'process' | 'server';

/** What is known of an index that the server holds. */
export interface ServerIndexReport {
  /** Its name there. */
  readonly name: string;
  readonly documents: number;
  /** Documents that the server could not take into its index. */
  readonly failures: number;
  /** Changes of the central log that are not in it yet: searched on this machine meanwhile. */
  readonly behind: number;
  /** It is complete, and used. */
  readonly ready: boolean;
  /** Memory that it takes there, without the documents. */
  readonly bytes: number;
}

export interface SearchPlace {
  readonly place: SearchedIn;
  readonly reason: string;
  /** What searches miss or cost just now, and why; absent when all is well. */
  readonly problem?: string;
  readonly server?: ServerIndexReport;
}

/** What recall needs of a search index: level with the store at every question, wherever it is held. */
export interface MemoryIndex extends AsyncDisposable {
  /** null: words only. */
  readonly model: IndexModel | null;

  /** Why the last search looked elsewhere than it should have, and at what; undefined when it did not. */
  readonly problem: string | undefined;

  /** Memories and vectors that this process holds. */
  readonly size: { readonly memories: number; readonly vectors: number };

  /** Best first. Rejects with `unavailable` where it cannot be searched now. */
  search(query: SearchQuery): Promise<readonly SearchHit[]>;

  /** Nearest by meaning to a memory, itself among them; undefined when it has no vector yet. */
  near(id: string, query: SearchQuery): Promise<readonly SearchHit[] | undefined>;

  /** What a search found, as the store has it: in the order asked, undefined for what is gone or the viewer may not see. */
  memories(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]>;

  /** Searches another model's vectors from now on. */
  useModel(model: IndexModel | null): Promise<void>;

  /** Saves what makes the next start warm, when enough has changed. */
  save(): Promise<void>;

  /** Compares the index with the store. @returns what was wrong, and is right now or soon */
  verify(): Promise<{ readonly checked: number; readonly repaired: readonly string[] }>;

  place(): Promise<SearchPlace>;

  /** Removes every index of ours from the central Redis, and nothing else. @returns their names. Rejects with `invalid_input` where there is no Redis */
  dropFromServer(): Promise<readonly string[]>;
}

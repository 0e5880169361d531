import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readTextFile, writeTextFile } from './textFile.ts';

/** What a file was before `connect` changed it. */
export interface JournalEntry {
  readonly path: string;
  /** null: there was none. */
  readonly before: string | null;
  /** SHA-256 of what `connect` wrote: while the file still is that, it can be put back as it was. */
  readonly afterHash: string;
  /** Clients for which our part stands there; AGENTS.md serves several. */
  readonly clients: readonly string[];
}

/** Remembers changed files in the data directory, so that `--remove` undoes exactly. Only the user can read it. */
export class Journal {
  readonly #folder: string;

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'connections');
  }

  /** undefined also for an entry that is damaged: it is not relied on. */
  async read(path: string): Promise<JournalEntry | undefined> {
    const text = await readTextFile(this.#file(path));
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as JournalEntry;
    } catch {
      return undefined;
    }
  }

  async write(entry: JournalEntry): Promise<void> {
    await writeTextFile(this.#file(entry.path), JSON.stringify(entry), { secret: true });
  }

  async delete(path: string): Promise<void> {
    await writeTextFile(this.#file(path), undefined);
  }

  #file(path: string): string {
    return join(this.#folder, `${hashOf(path).slice(0, 16)}.json`);
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

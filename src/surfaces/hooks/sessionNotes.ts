import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEPT_MS = 30 * 86_400_000;

/** What a session of a client was told and asked by hooks, each of which is a process of its own. */
export interface Notes {
  /** Ids of memories that stand in its context. */
  readonly told: readonly string[];
  /** Tokens of them. */
  readonly tokens: number;
  /** Something was recalled for a prompt. */
  readonly recalled: boolean;
  /** It was asked to store what it learnt. */
  readonly offered: boolean;
}

/** Keeps notes in a folder, a file a session; sessions of a month ago are forgotten. */
export class SessionNotes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** undefined where nothing is known, also when it cannot be read. */
  async read(session: string): Promise<Notes | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(session), 'utf8')) as Notes;
    } catch {
      return undefined;
    }
  }

  /** Rejects when it cannot be kept: then nothing may be asked that must be asked once. */
  async write(session: string, notes: Notes): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(this.#file(session), JSON.stringify(notes), { mode: 0o600 });
  }

  async forgetOld(now: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if ((await stat(path)).mtimeMs < now - KEPT_MS) await rm(path, { force: true });
    }
  }

  #file(session: string): string {
    return join(this.#folder, `${createHash('sha256').update(session).digest('hex').slice(0, 32)}.json`);
  }
}

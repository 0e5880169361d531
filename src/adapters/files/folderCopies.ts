import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { FileFate, WorkingCopies, WorkingFile } from '../../engine/ports/workingCopies.ts';
import { FileHistory, type Git } from './fileHistory.ts';

/** A file of more is not read for its anchors. */
const MAX_BYTES = 1_000_000;
/** How long git may take to tell what became of a file: milliseconds. */
const GIT_MS = 3000;

export interface FolderCopiesOptions {
  /** `root` is undefined where the folder is in no repository. */
  readonly findRepository: (folder: string) => { readonly root: string | undefined; readonly name: string };
  readonly git: Git;
}

/** The repositories of the folders that this process works in. */
export class FolderCopies implements WorkingCopies {
  readonly #options: FolderCopiesOptions;
  readonly #added = new Set<string>();
  readonly #roots = new Map<string, string>();

  constructor(options: FolderCopiesOptions) {
    this.#options = options;
  }

  /** Somebody works in this folder and trusts it: its repository is at hand from now on. Of two copies of one, the last counts. */
  add(folder: string): void {
    this.#added.add(folder);
  }

  async look(repository: string, path: string): Promise<WorkingFile | 'absent' | undefined> {
    const root = this.#rootOf(repository);
    const file = root === undefined ? undefined : inside(root, path);
    if (root === undefined || file === undefined) return undefined;
    try {
      const about = await stat(file);
      if (!about.isFile()) return undefined;
      const { ino, mtimeMs, size } = about;
      return { file, stamp: `${mtimeMs} ${size} ${ino}`, text: () => readText(root, file, size) };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : undefined;
    }
  }

  async fateOf(
    repository: string,
    path: string,
    commit: string | undefined,
    signal: AbortSignal,
  ): Promise<FileFate> {
    const isThere = async (other: string) => (await this.look(repository, other)) !== 'absent';
    const ask = (history: FileHistory) => history.fateOf(path, commit, isThere);
    return this.#ask(repository, path, signal, ask, { kind: 'unknown' });
  }

  async formerPaths(repository: string, path: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#ask(repository, path, signal, history => history.formerPaths(path), []);
  }

  async #ask<T>(
    repository: string,
    path: string,
    signal: AbortSignal,
    ask: (history: FileHistory) => Promise<T>,
    otherwise: T,
  ): Promise<T> {
    const root = this.#rootOf(repository);
    if (root === undefined || inside(root, path) === undefined) return otherwise;
    const within = AbortSignal.any([signal, AbortSignal.timeout(GIT_MS)]);
    try {
      return await ask(new FileHistory(root, this.#options.git, within));
    } catch {
      signal.throwIfAborted();
      return otherwise;
    }
  }

  #rootOf(repository: string): string | undefined {
    for (const folder of this.#added) {
      const { name, root } = this.#options.findRepository(folder);
      if (root !== undefined) this.#roots.set(name, root);
    }
    this.#added.clear();
    return this.#roots.get(repository);
  }
}

/** What anyone stored as a path must not lead out of the repository. */
function inside(root: string, path: string): string | undefined {
  if (path.includes('\0') || isAbsolute(path)) return undefined;
  const file = join(root, path);
  return leadsOut(relative(root, file)) ? undefined : file;
}

function leadsOut(way: string): boolean {
  return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}

async function readText(root: string, file: string, size: number): Promise<string | undefined> {
  if (size > MAX_BYTES) return undefined;
  try {
    // Also not by a link.
    if (leadsOut(relative(await realpath(root), await realpath(file)))) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    return undefined;
  }
}

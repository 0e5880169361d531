import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { ImportSource } from '../../engine/ports/importSource.ts';
import { gitRecords } from './git.ts';
import { listMarkdown } from './listMarkdown.ts';
import { markdownItems } from './markdownItems.ts';
import type { RepositoryInfo } from './repositoryInfo.ts';

/** A Markdown file of more is no document. */
const MAX_BYTES = 5_000_000;

/** A file or a tree of Markdown, one memory a section. */
export async function markdownSource(path: string, { root, name }: RepositoryInfo): Promise<ImportSource> {
  const isFile = (await stat(path)).isFile();
  const folder = isFile ? dirname(path) : path;
  // Paths count from the repository's root, so that importing a part of it meets the same ids.
  const base = root ?? folder;
  const below = relative(base, folder).replaceAll('\\', '/');
  const inBase = (file: string) => (below === '' ? file : `${below}/${file}`);
  const prefix = `markdown:${name}/`;
  return {
    kind: 'markdown',
    prefix: isFile ? `${prefix}${inBase(basename(path))}#` : `${prefix}${below === '' ? '' : `${below}/`}`,
    complete: true,
    async *items(signal) {
      const commit = root === undefined ? undefined : await headCommit(root, signal);
      const files = isFile ? [basename(path)] : await listMarkdown(folder, root !== undefined, signal);
      for (const file of files) {
        signal.throwIfAborted();
        const shown = inBase(file);
        // A file that was named is read, wherever it leads; one that was found may be a trap of the repository's author.
        const text = await readText(join(folder, file), isFile ? undefined : base);
        if (typeof text !== 'string') yield { where: shown, reason: text.reason };
        else yield* markdownItems(text, { path: shown, prefix, repository: name, commit });
      }
    },
  };
}

/**
 * The text, or why it is none. Listed but deleted files are no problem: they are empty.
 * @param within a folder that links must not lead out of
 */
export async function readText(
  path: string,
  within: string | undefined,
): Promise<string | { readonly reason: string }> {
  try {
    if (within !== undefined && !(await isInside(path, within)))
      return { reason: 'It is a link that leads out of the folder.' };
    const { size } = await stat(path);
    if (size > MAX_BYTES) return { reason: `It has ${size} bytes; at most ${MAX_BYTES} are read.` };
    const bytes = await readFile(path);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\0', '');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    return { reason: code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'It is no UTF-8 text.' : message };
  }
}

async function isInside(path: string, folder: string): Promise<boolean> {
  const way = relative(await realpath(folder), await realpath(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** undefined in a repository without a commit. */
async function headCommit(root: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const line of gitRecords(root, ['rev-parse', 'HEAD'], signal)) return line.trim();
  } catch {
    signal.throwIfAborted();
  }
  return undefined;
}

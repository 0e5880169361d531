import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
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
        const text = await readText(join(folder, file));
        if (typeof text !== 'string') yield { where: shown, reason: text.reason };
        else yield* markdownItems(text, { path: shown, prefix, repository: name, commit });
      }
    },
  };
}

/** The text, or why it is none. Listed but deleted files are no problem: they are empty. */
export async function readText(path: string): Promise<string | { readonly reason: string }> {
  try {
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

/** undefined in a repository without a commit. */
async function headCommit(root: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    for await (const line of gitRecords(root, ['rev-parse', 'HEAD'], signal)) return line.trim();
  } catch {
    signal.throwIfAborted();
  }
  return undefined;
}

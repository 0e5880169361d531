import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gitRecords } from './git.ts';

/** Folders of others' code or of output, which nobody imports by naming their parent. */
const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'vendor',
  'dist',
  'build',
  'out',
  'target',
  '.venv',
  'venv',
  '__pycache__',
  '.cache',
  '.tox',
  'coverage',
]);
const MARKDOWN = /\.(md|mdx|markdown|mdc)$/i;

/**
 * Markdown files under a folder, relative to it with forward slashes, sorted. In a repository those that git knows or would
 * take, so that .gitignore counts.
 */
export async function listMarkdown(
  folder: string,
  inRepository: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const files = inRepository
    ? await fromGit(folder, signal).catch(() => {
        signal.throwIfAborted();
        return walk(folder, '', signal);
      })
    : await walk(folder, '', signal);
  return files.filter(isMarkdown).sort();
}

export function isMarkdown(path: string): boolean {
  return MARKDOWN.test(path) && !path.split('/').some(part => SKIPPED.has(part));
}

async function fromGit(folder: string, signal: AbortSignal): Promise<string[]> {
  const files = new Set<string>();
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '.'];
  for await (const file of gitRecords(folder, args, signal)) if (file !== '') files.add(file);
  return [...files];
}

/** Links are not followed: they may lead in circles, or out. */
async function walk(root: string, below: string, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted();
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) found.push(...(await walk(root, path, signal)));
    } else if (entry.isFile()) found.push(path);
  }
  return found;
}

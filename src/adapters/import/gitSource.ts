import type { Anchor } from '../../engine/model/memory.ts';
import type { ImportItem, ImportSource } from '../../engine/ports/importSource.ts';
import { gitRecords } from './git.ts';

/** A commit begins with this character and its hash; then come time, author, message and files. */
const MARK = '\u0001';
const FORMAT = '--format=%x01%H%x00%at%x00%an%x00%B%x00';
const LISTED_FILES = 30;

export interface GitSourceOptions {
  readonly root: string;
  readonly repository: string;
  /** ms */
  readonly since?: number | undefined;
  readonly max?: number | undefined;
}

/** The history of a repository: one memory a commit, newest first, without merges. */
export function gitSource({ root, repository, since, max }: GitSourceOptions): ImportSource {
  const args = ['log', '-z', '--no-merges', '--no-color', '--no-ext-diff', '--name-only', FORMAT];
  if (since !== undefined) args.push(`--since=${Math.floor(since / 1000)}`);
  if (max !== undefined) args.push(`--max-count=${max}`);
  return {
    kind: 'git',
    prefix: 'git:',
    complete: false,
    async *items(signal) {
      let commit: Commit | undefined;
      const head: string[] = [];
      for await (const record of history(root, [...args, '--'], signal)) {
        const hash = hashOf(record);
        if (hash !== undefined && (commit === undefined || head.length === 3)) {
          if (commit) yield itemOf(commit, head, repository);
          commit = { hash, files: [] };
          head.length = 0;
        } else if (head.length < 3) head.push(record);
        else {
          const file = record.replace(/^\n/, '');
          if (file !== '') commit?.files.push(file);
        }
      }
      if (commit) yield itemOf(commit, head, repository);
    },
  };
}

/** Nothing in a repository without a commit, which git takes for an error. */
async function* history(root: string, args: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* gitRecords(root, args, signal);
  } catch (error) {
    if (!/does not have any commits yet/.test((error as Error).message)) throw error;
  }
}

function hashOf(record: string): string | undefined {
  return record.startsWith(MARK) && /^[0-9a-f]{40,64}$/.test(record.slice(1)) ? record.slice(1) : undefined;
}

interface Commit {
  readonly hash: string;
  readonly files: string[];
}

function itemOf({ hash, files }: Commit, [time, author, message]: string[], repository: string): ImportItem {
  const more = files.length - LISTED_FILES;
  const listed = files.slice(0, LISTED_FILES).join('\n') + (more > 0 ? `\nand ${more} more` : '');
  return {
    externalId: `git:${hash}`,
    content: [
      (message ?? '').trim() || '(no message)',
      ...(files.length > 0 ? [`Files:\n${listed}`] : []),
    ].join('\n\n'),
    uri: `${repository}@${hash}`,
    fields: {
      type: 'code',
      priority: 'low',
      tags: ['git'],
      createdAt: Number(time) * 1000,
      metadata: { author: author ?? '', commit: hash },
      anchors: files.slice(0, LISTED_FILES).map((path): Anchor => ({ repository, path, commit: hash })),
    },
  };
}

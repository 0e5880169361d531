import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { GLOBAL_NAMESPACE } from '../../engine/model/caller.ts';
import type { ImportSource } from '../../engine/ports/importSource.ts';
import { isMarkdown } from './listMarkdown.ts';
import { markdownItems } from './markdownItems.ts';
import { readText } from './markdownSource.ts';
import type { RepositoryInfo } from './repositoryInfo.ts';

/**
 * What Claude Code itself reads and writes as memory: of this project (its CLAUDE.md, CLAUDE.local.md, rules, and the notes
 * Claude took of it), and of the user everywhere, which goes to `global`.
 *
 * @param home Claude Code's folder, `~/.claude`
 */
export async function claudeSources(
  folder: string,
  { root, name }: RepositoryInfo,
  home: string,
): Promise<readonly ImportSource[]> {
  const project = root ?? folder;
  const mine: Files = [];
  for (const file of ['CLAUDE.md', 'CLAUDE.local.md', '.claude/CLAUDE.md']) {
    if (existsSync(join(project, file))) mine.push([file, join(project, file), project]);
  }
  mine.push(...(await markdownIn(join(project, '.claude', 'rules'), '.claude/rules', project)));
  for (const slug of await projectSlugs(project, folder)) {
    mine.push(...(await markdownIn(join(home, 'projects', slug, 'memory'), 'memory')));
  }
  const everywhere: Files = [];
  if (existsSync(join(home, 'CLAUDE.md'))) everywhere.push(['CLAUDE.md', join(home, 'CLAUDE.md')]);
  everywhere.push(...(await markdownIn(join(home, 'rules'), 'rules')));
  const sources = [sourceOf(mine, `claude:${name}/`, name)];
  return everywhere.length > 0
    ? [...sources, { ...sourceOf(everywhere, 'claude:user/', undefined), namespace: GLOBAL_NAMESPACE }]
    : sources;
}

/** Name to show, where it is, and the folder that links must not lead out of: a project may be somebody else's. */
type Files = [shown: string, path: string, within?: string | undefined][];

function sourceOf(files: Files, prefix: string, repository: string | undefined): ImportSource {
  return {
    kind: 'claude',
    prefix,
    complete: true,
    async *items(signal) {
      for (const [shown, path, within] of files) {
        signal.throwIfAborted();
        const text = await readText(path, within);
        if (typeof text !== 'string') yield { where: path, reason: text.reason };
        else
          yield* markdownItems(text, {
            path: shown,
            prefix,
            repository,
            commit: undefined,
            tags: ['claude'],
          });
      }
    },
  };
}

async function markdownIn(folder: string, shown: string, within?: string): Promise<Files> {
  if (!existsSync(folder)) return [];
  const files = await readdir(folder, { recursive: true });
  return files
    .map(file => file.replaceAll('\\', '/'))
    .filter(isMarkdown)
    .sort()
    .map((file): Files[number] => [`${shown}/${file}`, join(folder, file), within]);
}

/** Claude Code names a project's folder after its path, everything but letters and digits replaced. */
async function projectSlugs(...folders: string[]): Promise<string[]> {
  const real = await Promise.all(folders.map(folder => realpath(folder).catch(() => folder)));
  return [...new Set([...folders, ...real].map(folder => folder.replace(/[^A-Za-z0-9]/g, '-')))];
}

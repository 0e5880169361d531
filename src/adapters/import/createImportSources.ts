import { createHash } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';
import { EXPORT_FORMAT } from '../../engine/export/exportMemories.ts';
import { isRedisUrl } from '../../engine/import/isRedisUrl.ts';
import type {
  ImportKind,
  ImportRequest,
  ImportSource,
  OpenImportSources,
} from '../../engine/ports/importSource.ts';
import { claudeSources } from './claudeSources.ts';
import { gitSource } from './gitSource.ts';
import { jsonlSource } from './jsonlSource.ts';
import { isMarkdown } from './listMarkdown.ts';
import { markdownSource } from './markdownSource.ts';
import { mcpMemorySource } from './mcpMemorySource.ts';
import { readLines } from './readLines.ts';
import type { FindRepository } from './repositoryInfo.ts';

export interface ImportSourcesOptions {
  readonly findRepository: FindRepository;
  /** Claude Code's folder, `~/.claude`. Asked for when it is needed: a user without an entry in the system's list has no home. */
  readonly claudeHome: () => string;
  /** What an agent memory server keeps in the Redis at this address. */
  readonly agentMemory: (url: string) => Promise<readonly ImportSource[]>;
}

/** Everything that can be imported from this machine's files. */
export function createImportSources({
  agentMemory,
  claudeHome,
  findRepository,
}: ImportSourcesOptions): OpenImportSources {
  return async request => {
    if (isRedisUrl(request.path) || request.kind === 'agent-memory') return agentMemory(redisUrl(request));
    const path = resolve(request.path);
    const found = statOf(path);
    const folder = found.isFile() ? dirname(path) : path;
    const kind = request.kind === 'auto' ? await detect(path, found) : request.kind;
    switch (kind) {
      case 'markdown':
        return [await markdownSource(path, findRepository(folder))];
      case 'git':
        return [historyOf(request, findRepository)];
      case 'claude':
        return claudeSources(folder, findRepository(folder), claudeHome());
      case 'mcp-memory':
        return [mcpMemorySource(onlyFile(path, found), await fileHash(path))];
      case 'jsonl':
        return [jsonlSource(onlyFile(path, found))];
    }
  };
}

function historyOf({ path, since, max }: ImportRequest, findRepository: FindRepository): ImportSource {
  const { root, name } = findRepository(resolve(path));
  if (root === undefined) {
    throw new MemoryError(
      'invalid_input',
      `${path} is in no git repository.`,
      'Name a folder of a repository, or import with --kind markdown.',
    );
  }
  return gitSource({ root, repository: name, since, max });
}

async function detect(path: string, found: Stats): Promise<Exclude<ImportKind, 'auto' | 'agent-memory'>> {
  if (found.isDirectory() || isMarkdown(basename(path))) return 'markdown';
  for await (const { line } of readLines(path)) {
    if (line.includes(`"${EXPORT_FORMAT}"`) || /^\s*\{\s*"memory"\s*:/.test(line)) return 'jsonl';
    if (/"type"\s*:\s*"(entity|relation)"/.test(line)) return 'mcp-memory';
    break;
  }
  throw new MemoryError(
    'invalid_input',
    `${path} is nothing that can be imported.`,
    'Import a folder, a Markdown file, the memory.jsonl of the MCP memory server, or an export; --kind says which.',
  );
}

function redisUrl({ kind, path }: ImportRequest): string {
  if (isRedisUrl(path) && (kind === 'auto' || kind === 'agent-memory')) return path;
  throw new MemoryError(
    'invalid_input',
    'What an agent memory server keeps is in its Redis.',
    'Import agent-memory redis://host:6379, with the number of its database where that is not 0.',
  );
}

function statOf(path: string): Stats {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() || found?.isDirectory()) return found;
  throw new MemoryError('not_found', `There is no file or folder ${path}.`, 'Check the path.');
}

function onlyFile(path: string, found: Stats): string {
  if (found.isFile()) return path;
  throw new MemoryError('invalid_input', `${path} is a folder.`, 'Name the file.');
}

/** Tells one file's entities from another's. */
async function fileHash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(path))
    .digest('hex')
    .slice(0, 8);
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitMarkdown } from '../../../src/engine/import/splitMarkdown.ts';
import type { CorpusEntry } from '../evaluate.ts';
import { fetchPackage, type PinnedPackage } from './fetchPackage.ts';
import { splitCode } from './splitCode.ts';

/** One memory of the corpus, and where it is from. Its id is `package/path:first-last`, in lines from 1. */
export interface Chunk extends CorpusEntry {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

const FIRST = Date.UTC(2025, 0, 1);

/**
 * The documentation and code of all packages, a file as a session. Documentation is cut by the importer's own `splitMarkdown`; code, which
 * no importer cuts, by definition, as an agent would keep it.
 */
export function developerCorpus(packages: readonly PinnedPackage[]): readonly Chunk[] {
  const chunks = packages.flatMap(one => {
    const folder = fetchPackage(one);
    const wanted = one.files.map(toPattern);
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map(file => file.replaceAll('\\', '/'))
      .filter(file => wanted.some(pattern => pattern.test(file)))
      .sort()
      .flatMap(file => chunksOf(`${one.name}/${file}`, readFileSync(join(folder, file), 'utf8')));
  });
  return chunks.map((chunk, i) => ({ ...chunk, createdAt: FIRST + i }));
}

function chunksOf(path: string, text: string): Chunk[] {
  const parts = path.endsWith('.md')
    ? splitMarkdown(text).map(({ content, startLine, endLine }) => ({ content, startLine, endLine }))
    : splitCode(path, text).map(({ container, text, startLine, endLine }) => ({
        content: `${path}${container && ` ${container}`}\n\n${text}`,
        startLine,
        endLine,
      }));
  return parts.map(({ content, startLine, endLine }) => ({
    id: `${path}:${startLine}-${endLine}`,
    text: content,
    session: path,
    path,
    startLine,
    endLine,
  }));
}

function toPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${source}$`);
}

import { createHash } from 'node:crypto';
import { anchoredText, linesOf } from '../../engine/anchors/anchoredText.ts';
import { splitMarkdown } from '../../engine/import/splitMarkdown.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import type { ImportItem } from '../../engine/ports/importSource.ts';
import { fitId } from './fitId.ts';

/** What people write for agents weighs more than what they write for people. */
const INSTRUCTIONS =
  /(^|\/)(CLAUDE(\.local)?\.md|AGENTS\.md|GEMINI\.md|copilot-instructions\.md)$|\.claude\/rules\//i;

export interface MarkdownPlace {
  /** With forward slashes; shown, and part of the ids. */
  readonly path: string;
  /** Of the ids. */
  readonly prefix: string;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly tags?: readonly string[];
}

/** One item a section. Its id follows its heading, so that it stays the same when lines move. */
export function* markdownItems(text: string, place: MarkdownPlace): Generator<ImportItem> {
  const { path, prefix, repository, commit } = place;
  const counts = new Map<string, number>();
  const lines = linesOf(text);
  for (const section of splitMarkdown(text)) {
    const slug = slugOf(section.headings.at(-1) ?? '');
    const count = (counts.get(slug) ?? 0) + 1;
    counts.set(slug, count);
    const { startLine, endLine } = section;
    yield {
      externalId: fitId(`${prefix}${path}#${slug}-${count}`),
      content: section.content,
      uri: `${path}#L${startLine}-L${endLine}`,
      fields: {
        type: 'document',
        priority: INSTRUCTIONS.test(path) ? 'high' : 'medium',
        tags: [...(place.tags ?? []), ...tagsOf(path)],
        session: fitId(prefix + path),
        anchors: [
          {
            ...(repository !== undefined && { repository }),
            path,
            ...(commit !== undefined && { commit }),
            startLine,
            endLine,
            textHash: createHash('sha256')
              .update(anchoredText(lines, startLine, endLine))
              .digest('hex'),
          },
        ],
      },
    };
  }
}

/** The folders and the file's name without its ending. */
function tagsOf(path: string): string[] {
  return path
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .split('/')
    .filter(part => part !== '' && part !== '.')
    .map(part => part.slice(0, LIMITS.tagChars).toWellFormed())
    .slice(-LIMITS.tags / 2);
}

function slugOf(heading: string): string {
  const slug = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return slug.slice(0, 80).toWellFormed() || 'top';
}

/** A part of a Markdown file under one heading. Lines count from 1, the end is included. */
export interface MarkdownSection {
  /** From the file's title down to the section's own heading. */
  readonly headings: readonly string[];
  /** The headings in one line, then the text: understood without the rest of the file. */
  readonly content: string;
  readonly startLine: number;
  readonly endLine: number;
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** Where code begins: what follows names its language, and holds no backtick, else it is code within a line. */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const FENCE_END = /^ {0,3}(`{3,}|~{3,})\s*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$/;
const UNDERLINE = /^ {0,3}(=+|-+)\s*$/;

/**
 * The sections of a Markdown text, in order: split at headings, and long ones between paragraphs. Front matter and headings
 * without text are no sections of their own.
 *
 * @param maxChars that the text of a section should not exceed; a code block or a single line may
 */
export function splitMarkdown(text: string, maxChars = 1500): readonly MarkdownSection[] {
  const sections: MarkdownSection[] = [];
  const headings: string[] = [];
  let body: Line[] = [];
  const close = () => {
    for (const block of blocks(body, maxChars)) sections.push(sectionOf(headings, block));
    body = [];
  };
  let fence: string | undefined;
  for (const line of withoutFrontMatter(text)) {
    const inCode = fence !== undefined;
    fence = fenceAfter(fence, line);
    const heading = inCode || fence !== undefined ? undefined : headingOf(line, body.at(-1));
    if (!heading) {
      body.push(line);
      continue;
    }
    if (heading.underlined) body.pop();
    close();
    headings.length = Math.min(headings.length, heading.level - 1);
    headings.push(heading.title);
  }
  close();
  return sections;
}

/** The fence that is open after the line. */
function fenceAfter(open: string | undefined, { text }: Line): string | undefined {
  if (open === undefined) return FENCE.exec(text)?.[1];
  return FENCE_END.exec(text)?.[1]?.startsWith(open) ? undefined : open;
}

function withoutFrontMatter(text: string): Line[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i): Line => ({ text: line, number: i + 1 }));
  if (lines[0]?.text.trim() !== '---') return lines;
  const end = lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(line.text));
  return end < 0 ? lines : lines.slice(end + 1);
}

function headingOf(
  { text }: Line,
  before: Line | undefined,
): { level: number; title: string; underlined: boolean } | undefined {
  const heading = HEADING.exec(text);
  if (heading) return { level: heading[1]!.length, title: shownTitle(heading[2]!), underlined: false };
  const underline = UNDERLINE.exec(text)?.[1];
  // A line of dashes after an empty line or code is a rule, in a table it belongs to the row above.
  if (!underline || !before || before.text.trim() === '' || /^\s*([|>*+-]|\d+\.|```|~~~)/.test(before.text))
    return undefined;
  return { level: underline.startsWith('=') ? 1 : 2, title: shownTitle(before.text), underlined: true };
}

/** As a reader sees it: addresses of badges and links would go into every section below. */
function shownTitle(title: string): string {
  const shown = title
    .replace(/!\[[^\]]*\]\([^()]*\)/g, '')
    .replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return shown || title.trim();
}

/** Whole paragraphs together until the limit; longer ones, such as tables, are cut between lines, and code never. */
function blocks(lines: readonly Line[], maxChars: number): Line[][] {
  const found: Line[][] = [];
  let size = 0;
  for (const paragraph of paragraphs(lines, maxChars)) {
    const chars = charsOf(paragraph);
    if (found.length === 0 || size + chars > maxChars) {
      found.push([]);
      size = 0;
    }
    found.at(-1)!.push(...paragraph);
    size += chars;
  }
  return found;
}

function paragraphs(lines: readonly Line[], maxChars: number): Line[][] {
  const found: Line[][] = [[]];
  let fence: string | undefined;
  for (const line of lines) {
    const inCode = fence !== undefined;
    fence = fenceAfter(fence, line);
    const paragraph = found.at(-1)!;
    if (inCode) paragraph.push(line);
    else if (line.text.trim() === '') found.push([]);
    else if (charsOf(paragraph) + line.text.length >= maxChars) found.push([line]);
    else paragraph.push(line);
  }
  return found.filter(paragraph => paragraph.length > 0);
}

function charsOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.text.length + 1, 0);
}

function sectionOf(headings: readonly string[], lines: readonly Line[]): MarkdownSection {
  let text = '';
  for (const [i, line] of lines.entries()) {
    const gap = i > 0 && line.number > lines[i - 1]!.number + 1 ? '\n\n' : i > 0 ? '\n' : '';
    text += gap + line.text;
  }
  const title = headings.join(' > ');
  return {
    headings: [...headings],
    content: title === '' ? text : `${title}\n\n${text}`,
    startLine: lines[0]!.number,
    endLine: lines.at(-1)!.number,
  };
}

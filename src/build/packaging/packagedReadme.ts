import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { packageRoot } from '../../main/assets.ts';

const LINK = /(!?)\[([^\]]*)\]\((?!https?:|mailto:|data:|#)([^)]+)\)/g;

/** The README as the editor shows it: outside the repository, with pictures inside it, and without links to files that are not there. */
export async function packagedReadme(): Promise<string> {
  const text = await readFile(join(packageRoot, 'README.md'), 'utf8');
  const pictures = new Map<string, string>();
  for (const [, isPicture, , path] of text.matchAll(LINK)) {
    if (isPicture && !pictures.has(path!)) pictures.set(path!, await dataUri(path!));
  }
  return text
    .split(/\n{2,}/)
    .filter(paragraph => !isOnlyLinks(paragraph))
    .join('\n\n')
    .replace(LINK, (_, isPicture: string, words: string, path: string) =>
      isPicture ? `![${words}](${pictures.get(path)})` : words,
    );
}

function isOnlyLinks(paragraph: string): boolean {
  let links = 0;
  const rest = paragraph.replace(LINK, (link, isPicture: string) => {
    if (isPicture) return link;
    links += 1;
    return '';
  });
  return links > 0 && /^[\s·|,]*$/.test(rest);
}

async function dataUri(path: string): Promise<string> {
  const data = await readFile(join(packageRoot, path), 'base64');
  return `data:image/${extname(path).slice(1).replace('jpg', 'jpeg')};base64,${data}`;
}

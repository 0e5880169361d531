import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../main/assets.ts';

/** Files of the repository; the editor shows no picture that is not at an https address. */
const PICTURE =
  /!\[[^\]]*\]\((?!https:)[^)]*\)|<picture>[\s\S]*?<\/picture>|<img\b(?![^>]*\bsrc="https:)[^>]*>/g;
const LINK = /\[([^\]]*)\]\((?!https?:|mailto:|#)[^)]*\)/g;
const NOTHING = /^(?:[\s·|,:-]|<\/?\w+[^>]*>)*$/;

/** The README for the extension's page: without pictures that would be broken and links to files that are not there. */
export async function packagedReadme(): Promise<string> {
  return withoutRepository(await readFile(join(packageRoot, 'README.md'), 'utf8'));
}

/** A paragraph that was nothing but pictures and links goes as a whole. */
export function withoutRepository(markdown: string): string {
  return markdown
    .split(/\n{2,}/)
    .filter(text => {
      const rest = text.replace(PICTURE, '').replace(LINK, '');
      return rest === text || !NOTHING.test(rest);
    })
    .join('\n\n')
    .replace(PICTURE, '')
    .replace(LINK, '$1');
}

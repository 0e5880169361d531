/**
 * Documents that hold what anybody wrote have a language of their own, which the manifest gives to this folder: coloured as Markdown, but
 * without its links, of which one click runs any `command:`.
 */
export const FOREIGN_LANGUAGE = 'memory-text';
const FOLDER = 'Memory Central';
export const FOREIGN_PATTERN = `/${FOLDER}/*.md`;

/** Path of such a document; tabs show its last part. @param otherwise its name where the title says nothing */
export function foreignPath(title: string, otherwise: string): string {
  const name = title
    .replace(/[\\/:*?"<>|#%\s]+/g, ' ')
    .replace(/[ .…]+$/, '')
    .trim();
  return `/${FOLDER}/${name || otherwise}.md`;
}

import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../main/assets.ts';

const FROM = join(packageRoot, 'node_modules', 'swagger-ui-dist');
/** What the page loads, and the licences of it. */
const FILES = [
  ...['swagger-ui-bundle.js', 'swagger-ui.css'],
  ...['LICENSE', 'NOTICE', 'swagger-ui-bundle.js.LICENSE.txt'],
];

/**
 * What `/docs` of the server shows its page with. The editor's package goes without: few look at it, and it is 2 MB.
 * @param outdir absolute; gets the folder `docs`
 */
export async function copyDocsPage(outdir: string): Promise<void> {
  const folder = join(outdir, 'docs');
  await mkdir(folder, { recursive: true });
  for (const file of FILES) await cp(join(FROM, file), join(folder, file));
}

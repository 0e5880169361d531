import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from './generateManifest.ts';
import { openApi } from './openApi.ts';
import { settingsPage, toolsPage } from './referencePages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file that is made from definitions, and from the file itself where only a part of it is. */
interface Generated {
  readonly path: string;
  make(present: string): string | Promise<string>;
}

const files: readonly Generated[] = [
  { path: 'package.json', make: present => packageJson(present) },
  { path: 'docs/reference/tools.md', make: toolsPage },
  { path: 'docs/reference/settings.md', make: settingsPage },
  { path: 'docs/reference/openapi.json', make: async () => openApi(await packageVersion()) },
];

/** `npm run generate` writes them; with `--check` it only tells which are stale, and fails when one is. */
async function generate(check: boolean): Promise<void> {
  const stale: string[] = [];
  for (const { path, make } of files) {
    const file = join(root, path);
    const present = await readFile(file, 'utf8').catch(() => '');
    const wanted = await make(present);
    if (wanted === present) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, wanted);
  }
  if (check && stale.length > 0) {
    console.error(`Stale: ${stale.join(', ')}. Run: npm run generate`);
    process.exitCode = 1;
  } else {
    console.log(stale.length === 0 ? 'All generated files are current.' : `Written: ${stale.join(', ')}`);
  }
}

/** What npm reads stays as it is; what the editor reads is replaced. */
function packageJson(present: string): string {
  return `${JSON.stringify({ ...JSON.parse(present), ...manifest() }, null, 2)}\n`;
}

async function packageVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

await generate(process.argv.includes('--check'));

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifest } from './generateManifest.ts';
import { withoutTexts } from './l10n/manifestTexts.ts';
import { allTranslationFaults, codeTexts, languages, manifestTexts } from './l10n/texts.ts';
import { withMetricsTable } from './metricsTable.ts';
import { openApi } from './openApi.ts';
import { settingsPage, toolsPage } from './referencePages.ts';
import { withTaskDiagram } from './taskDiagram.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file that is made from definitions, and from the file itself where only a part of it is. */
interface Generated {
  readonly path: string;
  make(present: string): string | Promise<string>;
}

const files: readonly Generated[] = [
  { path: 'package.json', make: present => packageJson(present) },
  { path: 'package.nls.json', make: () => json(withoutTexts(manifest()).texts) },
  { path: 'l10n/bundle.l10n.json', make: async () => json(await codeTexts()) },
  ...(await languages()).map(language => ({
    path: `package.nls.${language}.json`,
    make: async () => json(await manifestTexts(language)),
  })),
  { path: 'docs/reference/tools.md', make: toolsPage },
  { path: 'docs/reference/settings.md', make: settingsPage },
  { path: 'docs/tasks.md', make: withTaskDiagram },
  { path: 'docs/monitoring.md', make: withMetricsTable },
  { path: 'docs/reference/openapi.json', make: async () => openApi(await packageVersion()) },
];

/**
 * `npm run generate` writes them; with `--check` it only tells which are stale, and fails when one is, or when a translation is not
 * complete.
 */
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
  const faults = await allTranslationFaults();
  for (const fault of faults) console.error(fault);
  if (check && faults.length > 0) process.exitCode = 1;
}

/** What npm reads stays as it is; what the editor reads is replaced. */
function packageJson(present: string): string {
  return json({ ...JSON.parse(present), ...withoutTexts(manifest()).manifest });
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function packageVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

await generate(process.argv.includes('--check'));

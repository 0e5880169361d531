import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { packageRoot } from '../main/assets.ts';
import { buildWasm } from './buildWasm.ts';
import { bundle, NODE_PROGRAMS } from './bundle.ts';
import { copyDocsPage } from './copyDocsPage.ts';
import { stagePackage } from './packaging/stagePackage.ts';
import { targets } from './packaging/target.ts';

const WORK = join(packageRoot, '.cache', 'stage');

/**
 * `npm run stage -- <folder>`: what a server of this platform runs, and nothing that builds it: programs, model, native parts, licences.
 * `node <folder>/dist/cli.js` then needs no `npm install`. The folder is emptied first.
 */
async function main(): Promise<void> {
  const [folder] = process.argv.slice(2);
  const platform = `${process.platform}-${process.arch}`;
  const target = targets.find(({ name }) => name === platform);
  if (folder === undefined || !target) {
    console.error(
      folder === undefined ? 'usage: npm run stage -- <folder>' : `There is nothing for ${platform}.`,
    );
    process.exit(2);
  }
  const programs = join(WORK, String(process.pid));
  try {
    await buildWasm(programs);
    const metafile = await bundle(NODE_PROGRAMS, programs);
    await copyDocsPage(programs);
    await stagePackage(target, { folder: programs, metafile }, resolve(folder), join(WORK, 'fetched'));
  } finally {
    await rm(programs, { recursive: true, force: true });
  }
}

await main();

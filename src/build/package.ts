import { mkdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { packageRoot } from '../main/assets.ts';
import { version } from '../main/version.ts';
import { buildWasm } from './buildWasm.ts';
import { bundle } from './bundle.ts';
import { type Programs, stagePackage } from './packaging/stagePackage.ts';
import { type Target, targets } from './packaging/target.ts';

const WORK = join(packageRoot, '.cache', 'package');

/**
 * `npm run package`: one `.vsix` a platform, in `packages/`. `-- --target linux-x64` builds that one (repeat it for several),
 * `--out folder` puts them elsewhere. What cannot be built is named, the others are built all the same, and the exit code is 1.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { target: { type: 'string', multiple: true }, out: { type: 'string', default: 'packages' } },
  });
  const wanted = (values.target ?? targets.map(({ name }) => name)).map(targetOf);
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  const work = join(WORK, String(process.pid));
  const rows: string[] = [];
  try {
    const programs = await compile(join(work, 'programs'));
    for (const target of wanted) {
      try {
        const path = await makePackage(target, programs, join(work, target.name), out);
        rows.push(`${target.name.padEnd(14)} ${megabytes((await stat(path)).size)}  ${path}`);
      } catch (error) {
        rows.push(`${target.name.padEnd(14)} failed: ${(error as Error).message}`);
        process.exitCode = 1;
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  console.log(`\n${rows.join('\n')}`);
}

function targetOf(name: string): Target {
  const target = targets.find(one => one.name === name);
  if (target) return target;
  console.error(`There is no package for ${name}. Choose from: ${targets.map(one => one.name).join(', ')}`);
  process.exit(2);
}

async function compile(folder: string): Promise<Programs> {
  await buildWasm(folder);
  return { folder, metafile: await bundle(undefined, folder) };
}

/** @returns path of the `.vsix` */
async function makePackage(target: Target, programs: Programs, stage: string, out: string): Promise<string> {
  const path = join(out, `memory-central-${target.name}-${version()}.vsix`);
  await stagePackage(target, programs, stage, join(WORK, 'fetched'));
  await createVSIX({
    cwd: stage,
    packagePath: path,
    target: target.name,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  await rm(stage, { recursive: true, force: true });
  return path;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1).padStart(5)} MB`;
}

await main();

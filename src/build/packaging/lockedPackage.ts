import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../main/assets.ts';

const run = promisify(execFile);

/** Without a network it shall say so soon: by default npm tries for more than a minute. */
const IMPATIENT = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000'];

/** What the lockfile says of a package. */
interface Locked {
  readonly version: string;
  readonly integrity: string;
}

/**
 * A package in the version of the lockfile: as it is installed, else from the registry, which is where the parts for other
 * platforms come from. Rejects when it cannot be had, or is not the one that was locked.
 * @param cache folder that keeps what was fetched
 * @returns its folder
 */
export async function lockedPackage(name: string, cache: string): Promise<string> {
  const locked = await lockOf(name);
  const installed = join(packageRoot, 'node_modules', name);
  if ((await versionIn(installed)) === locked.version) return installed;
  const kept = join(cache, `${name.replace('/', '-')}-${locked.version}`);
  if ((await versionIn(kept)) !== locked.version) await fetchTo(kept, name, locked);
  return kept;
}

async function lockOf(name: string): Promise<Locked> {
  const { packages } = JSON.parse(await readFile(join(packageRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const locked = packages[`node_modules/${name}`];
  if (!locked) throw new Error(`package-lock.json has no ${name}.`);
  return locked;
}

async function versionIn(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { version?: string }).version;
}

async function fetchTo(folder: string, name: string, { version, integrity }: Locked): Promise<void> {
  const own = `${folder}.${process.pid}`;
  await mkdir(own, { recursive: true });
  try {
    const shell = process.platform === 'win32';
    const options = { cwd: own, shell };
    const wanted = `${name}@${version}`;
    const { stdout } = await run('npm', ['pack', wanted, '--silent', ...IMPATIENT], options).catch(cause => {
      throw new Error(`${wanted} could not be fetched. Try: npm pack ${wanted}`, { cause });
    });
    const archive = stdout.trim().split('\n').at(-1)!;
    const sum = `sha512-${createHash('sha512')
      .update(await readFile(join(own, archive)))
      .digest('base64')}`;
    if (sum !== integrity) {
      throw new Error(`${name}@${version} is not the one of package-lock.json: ${sum}, not ${integrity}.`);
    }
    await run('tar', ['-xzf', archive], { cwd: own });
    await rm(folder, { recursive: true, force: true });
    await rename(join(own, 'package'), folder);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

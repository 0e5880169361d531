import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/main/assets.ts';

/** A package as it was published: the bytes are pinned, so that line numbers hold. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Subresource integrity of the tarball, as the registry states it. */
  readonly integrity: string;
  /** Rankings may be tuned on the questions of the one, never on those of the other. */
  readonly split: 'tuned' | 'untouched';
  /** Which files are taken: `*` within a folder, `**` across folders. */
  readonly files: readonly string[];
}

/** Folder of the unpacked package, under `.cache/`; downloaded at first use with npm and unpacked with tar. */
export function fetchPackage({ name, version, integrity }: PinnedPackage): string {
  const cache = join(packageRoot, '.cache', 'bench-packages');
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['pack', '--silent', '--pack-destination', partial, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    const tarball = `${name}-${version}.tgz`;
    const hash = createHash('sha512')
      .update(readFileSync(join(partial, tarball)))
      .digest('base64');
    if (`sha512-${hash}` !== integrity) throw new Error(`${tarball} is not what was pinned.`);
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: partial });
    rmSync(join(partial, tarball));
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';

/**
 * Runs `npm run package` for this platform.
 * @param folder where the package is put, absolute
 * @returns path of the `.vsix`
 */
export async function buildPackage(folder: string): Promise<string> {
  const target = `${process.platform}-${process.arch}`;
  await promisify(execFile)('npm', ['run', 'package', '--', '--target', target, '--out', folder], {
    cwd: packageRoot,
  });
  const [file, ...others] = await readdir(folder);
  if (file === undefined || others.length > 0) throw new Error(`One package was expected in ${folder}.`);
  return join(folder, file);
}

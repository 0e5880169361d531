import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../src/main/assets.ts';
import { buildSuite } from './buildSuite.ts';

/**
 * Our extension as a person has it installed: a folder for `EditorServerOptions.extensions`. An extension under development needs the
 * editor's test mode, which shows neither messages nor dialogs.
 * @param folder where it is put, absolute
 */
export async function installedExtension(folder: string): Promise<string> {
  const { extension } = await buildSuite();
  const path = join(folder, 'memory-central');
  await mkdir(path, { recursive: true });
  const manifest = (await readdir(extension)).filter(file => /^package\.(nls\..*)?json$/.test(file));
  for (const file of manifest) await cp(join(extension, file), join(path, file));
  // Copied: the editor knows by a program's real path whose it is.
  await cp(join(extension, 'dist'), join(path, 'dist'), { recursive: true });
  for (const part of ['l10n', 'media', 'node_modules'])
    await symlink(join(packageRoot, part), join(path, part));
  return path;
}

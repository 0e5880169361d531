import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { readToml } from './readToml.ts';
import { settingFiles } from './settingFiles.ts';
import { settingMeta } from './settingMeta.ts';
import { settings } from './settings.ts';

/** Whether a project's own file may say it: somebody else may have written that, and must not redirect a memory. */
export function isProjectSetting(name: string): boolean {
  const schema = (settings.shape as Record<string, z.ZodType | undefined>)[name];
  return schema !== undefined && settingMeta.get(schema)?.scope === 'resource';
}

/** Settings that a project's files name in vain, by file. Throws as `readToml` does. @param folder whose own files count */
export function ignoredSettings(
  project: string,
  environment: string | undefined,
  folder: string,
): readonly { readonly file: string; readonly names: readonly string[] }[] {
  return settingFiles(environment, [folder], project)
    .project.filter(file => resolve(dirname(file)) !== resolve(folder))
    .map(file => ({
      file,
      names: readToml(file)
        .map(([name]) => name)
        .filter(name => !isProjectSetting(name)),
    }))
    .filter(({ names }) => names.length > 0);
}

import { readFileSync } from 'node:fs';
import { dataDirectory } from '../config/dataDirectory.ts';
import { settingFiles } from '../config/settingFiles.ts';

/**
 * Whether any setting may say which tools are offered. Few do, and to read all settings takes longer than to list the tools: only who has
 * some waits for that. A project's own files have no say in it.
 */
export function mentionsTools(): boolean {
  const { MEMORY_CENTRAL_ENV: environment, MEMORY_TOOLS: given } = process.env;
  if (given) return true;
  try {
    const { dotenv, toml } = settingFiles(environment, [dataDirectory()], undefined);
    return [...dotenv, ...toml].some(file => /tools/i.test(readFileSync(file, 'utf8')));
  } catch {
    // The first call tells what is wrong with them.
    return false;
  }
}

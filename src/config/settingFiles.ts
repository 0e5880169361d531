import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryError } from '../engine/errors.ts';

/** Files that exist, of each kind the stronger first. */
export interface SettingFiles {
  readonly project: readonly string[];
  readonly dotenv: readonly string[];
  readonly toml: readonly string[];
}

/**
 * The files that hold settings: each folder's own, and before it the one of the environment. Throws `invalid_input` for an
 * environment that no file describes: a misspelt one must not end in the defaults.
 * @param environment such as `staging`; empty or undefined: none
 */
export function settingFiles(
  environment: string | undefined,
  folders: readonly string[],
  project: string | undefined,
): SettingFiles {
  const some = environment !== undefined && environment !== '';
  if (some && !/^[\w-]+$/.test(environment))
    throw new MemoryError(
      'invalid_input',
      'MEMORY_CENTRAL_ENV is no name of an environment.',
      'Use letters, digits, - and _.',
    );
  const found = (places: readonly string[], start: string, end: string) =>
    places.flatMap(folder =>
      [...(some ? [`${start}.${environment}${end}`] : []), `${start}${end}`]
        .map(name => join(folder, name))
        .filter(file => existsSync(file)),
    );
  const files = {
    project: found(project === undefined ? [] : [project], 'memory-central', '.toml'),
    dotenv: found(folders, '.env', ''),
    toml: found(folders, 'memory-central', '.toml'),
  };
  if (
    some &&
    !Object.values(files)
      .flat()
      .some(file => isOf(file, environment))
  )
    throw new MemoryError(
      'invalid_input',
      `MEMORY_CENTRAL_ENV is ${environment}, and nothing describes it.`,
      `Write memory-central.${environment}.toml or .env.${environment} in ${folders[0] ?? project}, or unset it.`,
    );
  return files;
}

function isOf(file: string, environment: string): boolean {
  return file.endsWith(`.${environment}.toml`) || file.endsWith(`.env.${environment}`);
}

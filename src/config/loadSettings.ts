import { readFileSync } from 'node:fs';
import { parse as parseDotenv } from 'dotenv';
import { parse as parseToml } from 'smol-toml';
import type { z } from 'zod';
import { MemoryError } from '../engine/errors.ts';
import { settingFiles } from './settingFiles.ts';
import { settingMeta } from './settingMeta.ts';
import { type SettingName, type Settings, settings } from './settings.ts';

export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Folders whose `memory-central.toml` and `.env` count, the stronger first. Where `MEMORY_CENTRAL_ENV` names an environment,
   * `memory-central.<it>.toml` and `.env.<it>` count before them.
   */
  readonly folders: readonly string[];
  /**
   * A folder that somebody else may have written, such as a cloned repository. Of its `memory-central.toml` only settings of the
   * scope `resource` count, and its `.env` belongs to another program: else it could send every memory to an address of its own.
   */
  readonly project?: string;
  /** What the caller was told outright, such as flags or the editor's configuration; wins over all. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/**
 * Settings from, in this order: overrides, environment, the project, `.env`, `memory-central.toml`, defaults.
 * Throws `invalid_input` that names the setting, its source and what it should be, or an environment that no file describes.
 */
export function loadSettings({ env, folders, project, overrides = {} }: SettingSources): Settings {
  const found = new Map<string, { value: unknown; source: string }>();
  const put = (name: string, value: unknown, source: string) => {
    if (!found.has(name)) found.set(name, { value, source });
  };
  for (const [name, value] of Object.entries(overrides))
    if (value !== undefined) put(name, value, 'the call');
  putEnvironment(env, 'the environment', put);
  const files = settingFiles(env['MEMORY_CENTRAL_ENV'], folders, project);
  for (const file of files.project) putProject(file, put);
  for (const file of files.dotenv) putEnvironment(parseDotenv(readText(file)), file, put);
  for (const file of files.toml) for (const [name, value] of flatten(readToml(file))) put(name, value, file);
  const values = Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
  const parsed = settings.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(issue => {
    const name = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : String(issue.path[0]);
    const reason = issue.code === 'unrecognized_keys' ? 'is no setting' : issue.message;
    return `${name} (${found.get(name)?.source ?? 'settings'}): ${reason}`;
  });
  throw new MemoryError(
    'invalid_input',
    `Invalid settings: ${problems.join('; ')}.`,
    'Correct them; docs/reference/settings.md lists every setting.',
  );
}

type Put = (name: string, value: unknown, source: string) => void;

function putEnvironment(env: Readonly<Record<string, string | undefined>>, source: string, put: Put): void {
  for (const [name, schema] of Object.entries(settings.shape)) {
    const variable = settingMeta.get(schema)?.env;
    const text = variable === undefined ? undefined : env[variable];
    if (text === undefined || text === '') continue;
    const wanted = typeof settings.parse({})[name as SettingName];
    if (wanted === 'number') put(name, Number(text), `${variable} in ${source}`);
    else if (wanted === 'boolean') put(name, text === 'true' || text === '1', `${variable} in ${source}`);
    else put(name, text, `${variable} in ${source}`);
  }
}

function putProject(file: string, put: Put): void {
  for (const [name, value] of flatten(readToml(file))) {
    const schema = (settings.shape as Record<string, z.ZodType | undefined>)[name];
    if (schema && settingMeta.get(schema)?.scope === 'resource') put(name, value, file);
  }
}

function readToml(file: string): Record<string, unknown> {
  const text = readText(file);
  try {
    return parseToml(text);
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `${file} is no valid TOML: ${(error as Error).message}`,
      'Correct the file.',
      {
        cause: error,
      },
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `The settings of ${file} cannot be read: ${(error as Error).message}.`,
      'Let this user read the file, or remove it.',
      { cause: error },
    );
  }
}

/** `[mcp] port = 5` is `mcp.port`. */
function flatten(table: Record<string, unknown>, prefix = ''): [string, unknown][] {
  return Object.entries(table).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? flatten(value as Record<string, unknown>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as [string, unknown]],
  );
}

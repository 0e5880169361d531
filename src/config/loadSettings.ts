import { parse as parseDotenv } from 'dotenv';
import { MemoryError } from '../engine/errors.ts';
import { isProjectSetting } from './projectSettings.ts';
import { readText, readToml } from './readToml.ts';
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
  /** What an error calls them. Default: `the call`. */
  readonly overridesFrom?: string;
}

/**
 * Settings from, in this order: overrides, environment, the project, `.env`, `memory-central.toml`, defaults.
 * Throws `invalid_input` that names the setting, its source and what it should be, or an environment that no file describes.
 */
export function loadSettings({
  env,
  folders,
  project,
  overrides = {},
  overridesFrom = 'the call',
}: SettingSources): Settings {
  const found = new Map<string, { value: unknown; source: string }>();
  const put = (name: string, value: unknown, source: string) => {
    if (!found.has(name)) found.set(name, { value, source });
  };
  for (const [name, value] of Object.entries(overrides))
    if (value !== undefined) put(name, value, overridesFrom);
  putEnvironment(env, variable => flagOf(variable, env) ?? `${variable} in the environment`, put);
  const files = settingFiles(env['MEMORY_CENTRAL_ENV'], folders, project);
  for (const file of files.project) putProject(file, put);
  for (const file of files.dotenv)
    putEnvironment(parseDotenv(readText(file)), variable => `${variable} in ${file}`, put);
  for (const file of files.toml) for (const [name, value] of readToml(file)) put(name, value, file);
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

type Environment = Readonly<Record<string, string | undefined>>;
type Put = (name: string, value: unknown, source: string) => void;

/** The option that carried a variable; see main/cli.ts. */
function flagOf(variable: string, env: Environment): string | undefined {
  const flags = env['MEMORY_CENTRAL_FLAGS']?.split(' ') ?? [];
  return flags.find(flag => flag.startsWith(`${variable}=`))?.slice(variable.length + 1);
}

function putEnvironment(env: Environment, sourceOf: (variable: string) => string, put: Put): void {
  for (const [name, schema] of Object.entries(settings.shape)) {
    const variable = settingMeta.get(schema)?.env;
    const text = variable === undefined ? undefined : env[variable];
    if (variable === undefined || text === undefined || text === '') continue;
    const wanted = typeof settings.parse({})[name as SettingName];
    if (wanted === 'number') put(name, Number(text), sourceOf(variable));
    else if (wanted === 'boolean') put(name, text === 'true' || text === '1', sourceOf(variable));
    else put(name, text, sourceOf(variable));
  }
}

function putProject(file: string, put: Put): void {
  for (const [name, value] of readToml(file)) if (isProjectSetting(name)) put(name, value, file);
}

import { join } from 'node:path';
import { loadSettings } from '../config/loadSettings.ts';
import { ignoredSettings } from '../config/projectSettings.ts';
import { redisSettings } from '../config/redisSettings.ts';
import { settingMeta } from '../config/settingMeta.ts';
import { type SettingName, type Settings, settings as schemas } from '../config/settings.ts';
import { MemoryError } from '../engine/errors.ts';
import { type Finding, warn } from '../surfaces/cli/doctor/finding.ts';
import { databasePath } from './createEngine.ts';
import type { Installed } from './installed.ts';
import { redisOptions } from './openStore.ts';

/** What decides which memory a program uses, and whether it can read all of it. */
const DECISIVE: readonly SettingName[] = [
  ...(Object.keys(redisSettings) as (keyof typeof redisSettings)[]).filter(
    name => name !== 'redis.deadlineMs',
  ),
  'encryption.key',
];

/** doctor's look at where the settings come from: what only this shell knows, and what a project says in vain. */
export function checkSettings(runtime: Installed): readonly Finding[] {
  return [...checkShell(runtime), ...checkProject(runtime)];
}

/** An agent that a desktop starts has not the environment of this shell, and would write into another memory. */
function checkShell({ settings, dataDirectory }: Installed): readonly Finding[] {
  if (!redisOptions(settings)) return [];
  const elsewhere = settingsWithout(dataDirectory);
  if (elsewhere instanceof MemoryError) {
    const message = `without the environment of this shell: ${elsewhere.message}`;
    return [warn('settings', message, elsewhere.fix)];
  }
  const missing = DECISIVE.filter(name => settings[name] !== elsewhere[name]);
  if (missing.length === 0) return [];
  const there = redisOptions(elsewhere)
    ? 'another central Redis, or use this one otherwise'
    : databasePath(elsewhere['database.url'], dataDirectory);
  return [
    warn(
      'settings',
      `${missing.map(variableOf).join(', ')}: known by the environment of this shell only; agents that are started without it use ${there}`,
      [
        `Write into ${join(dataDirectory, '.env')} (mode 600), which every program of this user reads:`,
        ...missing.map(name => `${variableOf(name)}=${shown(name, settings)}`),
      ].join('\n'),
    ),
  ];
}

/** As a program finds them that knows the files alone. */
function settingsWithout(folder: string): Settings | MemoryError {
  try {
    return loadSettings({ env: {}, folders: [folder] });
  } catch (error) {
    if (MemoryError.is(error)) return error;
    throw error;
  }
}

function checkProject({ dataDirectory }: Installed): readonly Finding[] {
  const environment = process.env['MEMORY_CENTRAL_ENV'];
  return ignoredSettings(process.cwd(), environment, dataDirectory).map(({ file, names }) =>
    warn(
      'settings',
      `${file} is of a project, and of it only the namespace counts, not ${names.join(', ')}`,
      `Write them into ${join(dataDirectory, 'memory-central.toml')}, if they are yours`,
    ),
  );
}

function variableOf(name: SettingName): string {
  return settingMeta.get(schemas.shape[name])?.env ?? name;
}

/** As .env takes it, without the password. */
function shown(name: SettingName, settings: Settings): string {
  if (name !== 'redis.url' && settingMeta.get(schemas.shape[name])?.secret) return "'<what it is here>'";
  const value = String(settings[name]).replace(/^(\w+:\/\/[^:@/]*:).*@/, '$1<password>@');
  return /^[\w.:/@,%+-]+$/.test(value) ? value : `'${value}'`;
}

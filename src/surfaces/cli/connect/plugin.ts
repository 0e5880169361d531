import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_NAME } from './clients.ts';
import { editJson, readJson, valueAt } from './editJson.ts';
import type { Part } from './fileChange.ts';
import type { Places } from './places.ts';
import { skills } from './pluginSkills.ts';
import { readTextFile, writeTextFile } from './textFile.ts';

/** Of the plugin, and of the marketplace that consists of it. */
const NAME = SERVER_NAME;
/** Our own deadline is shorter; this is for a machine on which nothing starts in time. Seconds. */
const HOOK_TIMEOUT_S = 5;

export interface PluginOptions {
  readonly version: string;
  /** What stands under the server's name. */
  readonly server: Readonly<Record<string, unknown>>;
  /** What a hook starts. */
  readonly hook: { readonly command: string; readonly args: readonly string[] };
  /** With the commands that one types. */
  readonly commands: boolean;
}

/** Claude Code reads the plugin from this folder at every start; it stays over updates. */
export function pluginFolder(dataDirectory: string): string {
  return join(dataDirectory, 'claude-plugin');
}

/** The files of the plugin, by their path in its folder. */
export function pluginFiles({
  version,
  server,
  hook,
  commands,
}: PluginOptions): Readonly<Record<string, string>> {
  const description =
    'One memory for all coding agents: a digest when work begins, and what was learnt is offered for storing.';
  const own = { name: NAME, version, description, author: { name: 'Memory Central' }, license: 'MIT' };
  const command = { type: 'command', ...hook, timeout: HOOK_TIMEOUT_S };
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    '.claude-plugin/plugin.json': json(own),
    '.claude-plugin/marketplace.json': json({
      ...{ name: NAME, description, owner: own.author },
      plugins: [{ name: NAME, source: './', description }],
    }),
    '.mcp.json': json({ mcpServers: { [SERVER_NAME]: server } }),
    'hooks/hooks.json': json({
      hooks: {
        SessionStart: [{ matcher: 'startup|clear|compact', hooks: [command] }],
        UserPromptSubmit: [{ hooks: [command] }],
        Stop: [{ hooks: [command] }],
      },
    }),
    ...(commands &&
      Object.fromEntries(Object.entries(skills).map(([name, text]) => [`skills/${name}/SKILL.md`, text]))),
    'README.md': README,
  };
}

/** Which of its files are not there, or not as they should be. */
export async function stalePluginFiles(folder: string, options: PluginOptions): Promise<readonly string[]> {
  const files = Object.entries(pluginFiles(options));
  const texts = await Promise.all(files.map(([path]) => readTextFile(join(folder, path))));
  return files.filter(([, text], i) => texts[i] !== text).map(([path]) => path);
}

/** @param secret the server's entry carries the token */
export async function writePlugin(folder: string, options: PluginOptions, secret: boolean): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!options.commands) await rm(join(folder, 'skills'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(pluginFiles(options)))
    await writeTextFile(join(folder, path), text, { secret });
}

export async function removePlugin(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

const MARKETPLACE = ['extraKnownMarketplaces', NAME] as const;
const ENABLED = ['enabledPlugins', `${NAME}@${NAME}`] as const;

/** The plugin in the user's settings: where it is, and that it is on. */
export function pluginPart(places: Places, folder: string): Part {
  const path = pluginSettings(places);
  return {
    path,
    secret: false,
    put(text) {
      const known = editJson(text, path, MARKETPLACE, { source: { source: 'directory', path: folder } });
      return editJson(known, path, ENABLED, true);
    },
    take: (text, before) =>
      [MARKETPLACE, ENABLED].reduce((left, keys) => takeKey(left, path, keys, before), text),
  };
}

/** What Claude Code wrote down of the marketplace by itself; it would name it for ever. */
export function pluginTracePart(places: Places): Part {
  const path = join(claudeFolder(places), 'plugins', 'known_marketplaces.json');
  const take = (text: string) => takeKey(text, path, [NAME], undefined);
  return { path, secret: false, put: text => text, take };
}

/** Whether the user's settings switch it on. Throws `invalid_input` where they do not parse. */
export async function isPluginOn(places: Places): Promise<boolean> {
  const path = pluginSettings(places);
  const text = await readTextFile(path);
  return text !== undefined && valueAt(readJson(text, path), ENABLED) === true;
}

export function pluginSettings(places: Places): string {
  return join(claudeFolder(places), 'settings.json');
}

function claudeFolder({ home, env }: Places): string {
  return env['CLAUDE_CONFIG_DIR'] || join(home, '.claude');
}

/** What stood there before us comes back; an object that we made and that is empty now goes. */
function takeKey(text: string, path: string, keys: readonly string[], before: string | undefined): string {
  const current = readJson(text, path);
  if (valueAt(current, keys) === undefined) return text;
  const earlier = before === undefined ? undefined : readJson(before, path);
  const taken = editJson(text, path, keys, valueAt(earlier, keys));
  const parent = keys.slice(0, -1);
  const left = valueAt(readJson(taken, path), parent);
  const empty = left !== null && typeof left === 'object' && Object.keys(left).length === 0;
  return parent.length > 0 && empty && valueAt(earlier, parent) === undefined
    ? editJson(taken, path, parent, undefined)
    : taken;
}

const README = `# Memory Central for Claude Code

Written by \`memory-central connect claude --plugin\`, and written again by it after an update: changes made here are lost.

- The MCP server \`memory-central\`: Claude stores and recalls what all your agents share.
- When a session starts, Claude is told what matters in this repository, and with the first prompt what is known about it: at most
  800 tokens, as quoted data. Switch it off with \`digest = false\` under \`[claude]\` in memory-central.toml.
- Once a session, after substantial work of which nothing was stored, Claude is asked to store what it learnt. Switch it off with
  \`offerToStore = false\` there.
- \`/memory-central:recall\`, \`/memory-central:remember\`, \`/memory-central:handoff\`; \`--no-commands\` leaves them out.

A memory that fails, or does not answer within 2 seconds, says nothing. \`memory-central connect claude --remove\` takes all of it away.
`;

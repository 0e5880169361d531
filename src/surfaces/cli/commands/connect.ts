import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { Argument, Command } from 'commander';
import { MemoryError } from '../../../engine/errors.ts';
import { confirm } from '../confirm.ts';
import { CLIENTS, type Client } from '../connect/clients.ts';
import { applyPut, applyTake, type FileChange, type Part, planPut, planTake } from '../connect/fileChange.ts';
import { Journal } from '../connect/journal.ts';
import { launchCommand, launcherPath, launcherText } from '../connect/launcher.ts';
import { instructionsPart, serverPart } from '../connect/parts.ts';
import type { Launch, Places, Scope } from '../connect/places.ts';
import {
  type PluginOptions,
  pluginFolder,
  pluginPart,
  pluginTracePart,
  removePlugin,
  writePlugin,
} from '../connect/plugin.ts';
import { showDiff } from '../connect/showDiff.ts';
import { readTextFile, writeTextFile } from '../connect/textFile.ts';
import type { Finding } from '../doctor/finding.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';

/** `connect <client>`: shows the change, asks, writes; `--remove` undoes it. */
export function connectCommand(run: RunCommand): Command {
  return new Command('connect')
    .summary('Let a client use this memory')
    .description(
      'Write a client’s configuration so that it uses this memory. The change is shown first; --remove undoes it.',
    )
    .addArgument(new Argument('<client>', 'the client').choices(CLIENTS.map(client => client.name)))
    .option('--user', 'for every project of this user (default)')
    .option('--project', 'for this project, in its folder')
    .option('--http', 'use the server of this machine (memory-central serve) instead of starting a program')
    .option('--plugin', 'for Claude Code: also its hooks and commands, so that it recalls and stores unasked')
    .option('--no-commands', 'with --plugin: without the commands that one types')
    .option('--instructions', 'also add the lines that make the agent use the memory')
    .option('--remove', 'undo it')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show the change')
    .action(
      run(async (session, { args, options }) => {
        const client = CLIENTS.find(one => one.name === args[0])!;
        const scope: Scope = options['project'] ? 'project' : 'user';
        const wanted: Wanted = {
          http: options['http'] === true,
          instructions: options['instructions'] === true,
          plugin: options['plugin'] === true,
          commands: options['commands'] !== false,
          remove: options['remove'] === true,
        };
        if (wanted.plugin) demandPluginClient(client, scope);
        const journal = new Journal(session.runtime.dataDirectory);
        const planned: Planned[] = [];
        for (const { part, take } of stepsFor(client, scope, session, wanted)) {
          const change = take ? await planTake(part, client.name, journal) : await planPut(part);
          planned.push({ part, take, change });
        }
        const applied = await agree(client, planned, session, {
          remove: wanted.remove,
          yes: options['yes'] === true,
          dryRun: options['dryRun'] === true,
        });
        if (applied) {
          await mkdir(session.runtime.dataDirectory, { recursive: true, mode: 0o700 });
          if (!wanted.remove && (!wanted.http || wanted.plugin)) await writeLauncher(session);
          if (hasPlugin(client, scope)) await putPlugin(session, wanted);
          for (const { part, take, change } of planned) {
            if (take) await applyTake(change, client.name, journal);
            else await applyPut(change, part, client.name, journal);
          }
        }
        const warnings = applied && !wanted.remove ? session.host.checkSettings(session.runtime) : [];
        report(client, planned, applied, wanted, warnings, session);
      }),
    );
}

interface Wanted {
  readonly http: boolean;
  readonly instructions: boolean;
  readonly plugin: boolean;
  readonly commands: boolean;
  readonly remove: boolean;
}

/** A part, and whether it goes in or out. */
interface Step {
  readonly part: Part;
  readonly take: boolean;
}
type Planned = Step & { readonly change: FileChange };

function demandPluginClient(client: Client, scope: Scope): void {
  if (hasPlugin(client, scope)) return;
  throw new MemoryError(
    'invalid_input',
    'The plugin is for Claude Code, in every project of this user.',
    'Use: memory-central connect claude --plugin',
  );
}

/** Its plugins are read from the user's settings; those of a project count only where it is trusted. */
function hasPlugin(client: Client, scope: Scope): boolean {
  return client.name === 'claude' && scope === 'user';
}

/** The server stands in the client's configuration or in the plugin, never in both: its tools would be there twice. */
function stepsFor(client: Client, scope: Scope, session: Session, wanted: Wanted): Step[] {
  const { http, instructions, plugin, remove } = wanted;
  const places = placesOf(session);
  const launch = launchOf(scope, http && !remove, session);
  const steps: Step[] = [{ part: serverPart(client, scope, places, launch), take: remove || plugin }];
  if (hasPlugin(client, scope)) {
    const take = remove || !plugin;
    steps.push({ part: pluginPart(places, pluginFolder(session.runtime.dataDirectory)), take });
    if (take) steps.push({ part: pluginTracePart(places), take });
  }
  const hasInstructions = client.instructions(scope, places) !== undefined;
  if (instructions || (remove && hasInstructions))
    steps.push({ part: instructionsPart(client, scope, places), take: remove });
  return steps;
}

async function putPlugin(session: Session, { http, plugin, commands, remove }: Wanted): Promise<void> {
  const folder = pluginFolder(session.runtime.dataDirectory);
  if (remove || !plugin) await removePlugin(folder);
  else await writePlugin(folder, pluginOptions(session, { http, commands }), http);
}

/** @param wanted `http`: its server is that of this machine, else a program that it starts */
export function pluginOptions(
  session: Session,
  { http, commands }: Pick<Wanted, 'http' | 'commands'>,
): PluginOptions {
  const { host, runtime } = session;
  const claude = CLIENTS.find(({ name }) => name === 'claude')!;
  return {
    version: host.version,
    server: claude.entry(launchOf('user', http, session), undefined),
    hook: launchCommand(runtime.dataDirectory, host.runtime.platform, ['digest', '--hook']),
    commands,
  };
}

export function placesOf({ host, streams }: Session): Places {
  return {
    home: streams.env['HOME'] || streams.env['USERPROFILE'] || homedir(),
    project: host.projectRoot,
    env: streams.env,
    platform: host.runtime.platform,
  };
}

/** For one project the address names its namespace; for all of them the server falls back to `global`. */
function launchOf(scope: Scope, http: boolean, session: Session): Launch {
  const { dataDirectory, settings } = session.runtime;
  if (!http)
    return { kind: 'stdio', ...launchCommand(dataDirectory, session.host.runtime.platform, ['mcp']) };
  const namespace = session.namespace ?? (scope === 'project' ? session.caller().namespace : undefined);
  const path = namespace === undefined ? '/mcp' : `/mcp/${encodeURIComponent(namespace)}`;
  return {
    kind: 'http',
    url: `http://${reachable(settings['mcp.host'])}:${settings['mcp.port']}${path}`,
    token: session.host.httpToken(dataDirectory),
  };
}

/** A server that listens everywhere is reached here; an IPv6 address needs brackets. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function writeLauncher(session: Session): Promise<void> {
  const { dataDirectory } = session.runtime;
  const path = launcherPath(dataDirectory, session.host.runtime.platform);
  const text = launcherText(dataDirectory, session.host.runtime);
  if ((await readTextFile(path)) !== text) await writeTextFile(path, text, { mode: 0o755 });
}

async function agree(
  client: Client,
  planned: readonly Planned[],
  session: Session,
  { remove, yes, dryRun }: { remove: boolean; yes: boolean; dryRun: boolean },
): Promise<boolean> {
  const changes = planned.map(({ change }) => change).filter(({ before, after }) => before !== after);
  const token = tokenIn(session);
  if (!session.json && !session.quiet)
    for (const change of changes) session.streams.stdout.write(showDiff(change, token, session.style));
  if (dryRun) return false;
  if (changes.length === 0) return true;
  const question = remove ? `Disconnect ${client.title}?` : `Connect ${client.title} this way?`;
  return confirm(question, yes, session);
}

function tokenIn(session: Session): string | undefined {
  try {
    return session.host.httpToken(session.runtime.dataDirectory, { create: false });
  } catch {
    return undefined;
  }
}

function report(
  client: Client,
  planned: readonly Planned[],
  applied: boolean,
  { plugin, remove }: Wanted,
  warnings: readonly Finding[],
  session: Session,
): void {
  const changes = planned.map(({ change: { path, before, after, secret } }) => ({
    path,
    action:
      before === after ? 'none' : before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    secret,
  }));
  const folder = pluginFolder(session.runtime.dataDirectory);
  const unchanged = changes.every(change => change.action === 'none');
  const text = unchanged
    ? `${client.title} is ${remove ? 'not connected' : 'connected already'}.`
    : !applied
      ? 'Nothing was changed.'
      : remove
        ? `${client.title} is disconnected.`
        : [
            `${client.title} is connected${plugin ? ` by the plugin in ${folder}` : ''}. ${client.next}`,
            ...(changes.some(change => change.secret)
              ? [
                  'The file holds the token of this machine: do not commit it. Start the server with memory-central serve.',
                ]
              : []),
          ].join('\n');
  const told = warnings.map(({ message, fix }) => ({ message, fix }));
  session.print({ client: client.name, applied, changes, warnings: told }, session.quiet ? '' : text);
  for (const { message, fix } of told) session.note(`warning: ${message}\n${fix}`);
}

import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { Argument, Command } from 'commander';
import { MemoryError } from '../../../engine/errors.ts';
import { confirm } from '../confirm.ts';
import { askServer } from '../connect/askServer.ts';
import { CLIENTS, type Client } from '../connect/clients.ts';
import { applyPut, applyTake, type FileChange, type Part, planPut, planTake } from '../connect/fileChange.ts';
import { Journal } from '../connect/journal.ts';
import { launchOf, namedServer, type Via } from '../connect/launch.ts';
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
import { remarksOn } from '../connect/remarks.ts';
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
    .option('--url <address>', 'use a server elsewhere, such as https://memory.lan:9000/mcp')
    .option(
      '--token-file <file>',
      'with --url: what holds its token; - is stdin (default: the client asks for one)',
    )
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
          via: options['remove'] ? 'program' : await viaOf(options, session),
          instructions: options['instructions'] === true,
          plugin: options['plugin'] === true,
          commands: options['commands'] !== false,
          remove: options['remove'] === true,
        };
        if (wanted.plugin) demandPluginClient(client, scope, wanted.via);
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
          if (!wanted.remove && (wanted.via === 'program' || wanted.plugin)) await writeLauncher(session);
          if (hasPlugin(client, scope)) await putPlugin(session, wanted);
          for (const { part, take, change } of planned) {
            if (take) await applyTake(change, client.name, journal);
            else await applyPut(change, part, client.name, journal);
          }
        }
        const launch = launchOf(scope, wanted.via, session);
        const findings = applied && !wanted.remove ? await lookAfter(launch, wanted.via, session) : [];
        report(client, planned, applied, { ...wanted, launch }, findings, session);
      }),
    );
}

interface Wanted {
  readonly via: Via;
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

/** Throws `invalid_input` where options contradict each other. */
async function viaOf(options: Readonly<Record<string, unknown>>, session: Session): Promise<Via> {
  const { url, tokenFile, http } = options as { url?: string; tokenFile?: string; http?: boolean };
  if (url !== undefined) return namedServer(url, tokenFile, session);
  if (tokenFile === undefined) return http ? 'server' : 'program';
  throw new MemoryError(
    'invalid_input',
    '--token-file names the token of a server elsewhere, and there is no --url.',
    'Add --url https://memory.lan:9000/mcp, or leave it out: --http knows the token of this machine.',
  );
}

function demandPluginClient(client: Client, scope: Scope, via: Via): void {
  if (typeof via === 'object')
    throw new MemoryError(
      'invalid_input',
      'The hooks of the plugin read the memory of this machine, not that of a server elsewhere.',
      'Leave --plugin out; or let this machine open the same Redis (REDIS_URL), and leave --url out.',
    );
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
  const { via, instructions, plugin, remove } = wanted;
  const places = placesOf(session);
  const launch = launchOf(scope, via, session);
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

async function putPlugin(session: Session, { via, plugin, commands, remove }: Wanted): Promise<void> {
  const http = via === 'server';
  const folder = pluginFolder(session.runtime.dataDirectory);
  if (remove || !plugin) await removePlugin(folder);
  else await writePlugin(folder, pluginOptions(session, { http, commands }), http);
}

/** @param wanted `http`: its server is that of this machine, else a program that it starts */
export function pluginOptions(
  session: Session,
  { http, commands }: { readonly http: boolean; readonly commands: boolean },
): PluginOptions {
  const { host, runtime } = session;
  const claude = CLIENTS.find(({ name }) => name === 'claude')!;
  return {
    version: host.version,
    server: claude.entry(launchOf('user', http ? 'server' : 'program', session), undefined),
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

async function writeLauncher(session: Session): Promise<void> {
  const { dataDirectory } = session.runtime;
  const path = launcherPath(dataDirectory, session.host.runtime.platform);
  const text = launcherText(dataDirectory, session.host.runtime);
  if ((await readTextFile(path)) !== text) await writeTextFile(path, text, { mode: 0o755 });
}

/** What whoever connected a client should know: of the settings, and whether a server elsewhere takes its token. */
async function lookAfter(launch: Launch, via: Via, session: Session): Promise<readonly Finding[]> {
  const settings = session.host.checkSettings(session.runtime);
  const isElsewhere = launch.kind === 'http' && via !== 'server';
  return isElsewhere ? [...settings, await askServer(launch, session.signal)] : settings;
}

async function agree(
  client: Client,
  planned: readonly Planned[],
  session: Session,
  { remove, yes, dryRun }: { remove: boolean; yes: boolean; dryRun: boolean },
): Promise<boolean> {
  const changes = planned.map(({ change }) => change).filter(({ before, after }) => before !== after);
  if (!session.json && !session.quiet)
    for (const change of changes) session.streams.stdout.write(showDiff(change, session.style));
  if (dryRun) return false;
  if (changes.length === 0) return true;
  const question = remove ? `Disconnect ${client.title}?` : `Connect ${client.title} this way?`;
  return confirm(question, yes, session);
}

function report(
  client: Client,
  planned: readonly Planned[],
  applied: boolean,
  { launch, plugin, remove, via }: Wanted & { readonly launch: Launch },
  findings: readonly Finding[],
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
            ...remarksOn(launch, via === 'server'),
            ...findings.filter(({ level }) => level === 'ok').map(({ message }) => message),
          ].join('\n');
  const told = findings.filter(({ level }) => level !== 'ok').map(({ message, fix }) => ({ message, fix }));
  session.print({ client: client.name, applied, changes, warnings: told }, session.quiet ? '' : text);
  for (const { message, fix } of told) session.note(`warning: ${message}\n${fix}`);
}

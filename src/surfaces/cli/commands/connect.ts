import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { Argument, Command } from 'commander';
import { createTwoFilesPatch } from 'diff';
import { confirm } from '../confirm.ts';
import { CLIENTS, type Client } from '../connect/clients.ts';
import { applyPut, applyTake, type FileChange, type Part, planPut, planTake } from '../connect/fileChange.ts';
import { Journal } from '../connect/journal.ts';
import { launchCommand, launcherPath, launcherText } from '../connect/launcher.ts';
import { instructionsPart, serverPart } from '../connect/parts.ts';
import type { Launch, Places, Scope } from '../connect/places.ts';
import { readTextFile, writeTextFile } from '../connect/textFile.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Session } from '../session.ts';
import type { Style } from '../terminal.ts';

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
    .option('--instructions', 'also add the lines that make the agent use the memory')
    .option('--remove', 'undo it')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show the change')
    .action(
      run(async (session, { args, options }) => {
        const client = CLIENTS.find(one => one.name === args[0])!;
        const scope: Scope = options['project'] ? 'project' : 'user';
        const remove = options['remove'] === true;
        const parts = partsOf(client, scope, session, {
          http: options['http'] === true,
          instructions: options['instructions'] === true,
          remove,
        });
        const journal = new Journal(session.runtime.dataDirectory);
        const planned: { part: Part; change: FileChange }[] = [];
        for (const part of parts) {
          const change = remove ? await planTake(part, client.name, journal) : await planPut(part);
          planned.push({ part, change });
        }
        const changes = planned.filter(({ change }) => change.before !== change.after);
        const applied = await agree(client, changes, session, {
          remove,
          yes: options['yes'] === true,
          dryRun: options['dryRun'] === true,
        });
        if (applied) {
          await mkdir(session.runtime.dataDirectory, { recursive: true, mode: 0o700 });
          if (!remove && options['http'] !== true) await writeLauncher(session);
          for (const { part, change } of planned) {
            if (remove) await applyTake(change, client.name, journal);
            else await applyPut(change, part, client.name, journal);
          }
        }
        report(client, planned, applied, remove, session);
      }),
    );
}

function partsOf(
  client: Client,
  scope: Scope,
  session: Session,
  wanted: { http: boolean; instructions: boolean; remove: boolean },
): Part[] {
  const places = placesOf(session);
  const parts = [serverPart(client, scope, places, launchOf(scope, wanted.http && !wanted.remove, session))];
  const hasInstructions = client.instructions(scope, places) !== undefined;
  if (wanted.instructions || (wanted.remove && hasInstructions))
    parts.push(instructionsPart(client, scope, places));
  return parts;
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
  if (!http) return { kind: 'stdio', ...launchCommand(dataDirectory, session.host.runtime.platform) };
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
  changes: readonly { change: FileChange }[],
  session: Session,
  { remove, yes, dryRun }: { remove: boolean; yes: boolean; dryRun: boolean },
): Promise<boolean> {
  const token = tokenIn(session);
  if (!session.json && !session.quiet)
    for (const { change } of changes) session.streams.stdout.write(showDiff(change, token, session.style));
  if (dryRun) return false;
  if (changes.length === 0) return true;
  const question = remove ? `Disconnect ${client.title}?` : `Connect ${client.title} this way?`;
  return confirm(question, yes, session);
}

/** The token is left out of what is shown: terminals are recorded. */
function showDiff({ path, before, after }: FileChange, token: string | undefined, style: Style): string {
  const hide = (text: string) => (token ? text.replaceAll(token, '<token>') : text);
  const patch = createTwoFilesPatch(
    before === undefined ? 'no file' : path,
    after === undefined ? 'no file' : path,
    hide(before ?? ''),
    hide(after ?? ''),
    '',
    '',
    { context: 3 },
  );
  const lines = patch.split('\n').filter(line => !/^(=====|Index: )/.test(line));
  return lines
    .map(line =>
      /^(---|\+\+\+)/.test(line)
        ? style('bold', line.trimEnd())
        : line.startsWith('+')
          ? style('green', line)
          : line.startsWith('-')
            ? style('red', line)
            : line.startsWith('@')
              ? style('cyan', line)
              : line,
    )
    .join('\n');
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
  planned: readonly { change: FileChange }[],
  applied: boolean,
  remove: boolean,
  session: Session,
): void {
  const changes = planned.map(({ change: { path, before, after, secret } }) => ({
    path,
    action:
      before === after ? 'none' : before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    secret,
  }));
  const unchanged = changes.every(change => change.action === 'none');
  const text = unchanged
    ? `${client.title} is ${remove ? 'not connected' : 'connected already'}.`
    : !applied
      ? 'Nothing was changed.'
      : remove
        ? `${client.title} is disconnected.`
        : [
            `${client.title} is connected. ${client.next}`,
            ...(changes.some(change => change.secret)
              ? [
                  'The file holds the token of this machine: do not commit it. Start the server with memory-central serve.',
                ]
              : []),
          ].join('\n');
  session.print({ client: client.name, applied, changes }, session.quiet ? '' : text);
}

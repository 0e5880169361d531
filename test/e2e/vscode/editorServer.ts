import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { basename, delimiter, join } from 'node:path';
import { dataDirectory } from '../../../src/config/dataDirectory.ts';
import { node24 } from '../../fixtures/node24.ts';
import { installEditor } from './installEditor.ts';
import { installLanguagePack } from './languagePack.ts';

const START_MS = 60_000;
const STOP_MS = 5_000;

export interface EditorServerOptions {
  /** An empty folder: data, settings and extensions of this editor alone. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Workspaces are asked about trust, as on a person's machine. Default: all are trusted. */
  readonly workspaceTrust?: boolean;
  /** The editor takes extensions under development and suites, and shows neither messages nor dialogs. Default: true. */
  readonly testMode?: boolean;
  /** Packages that are installed before it starts, absolute paths. */
  readonly vsix?: readonly string[];
  /** Folders of extensions that are installed as they are, absolute paths. */
  readonly extensions?: readonly string[];
  /** Display language, such as `de`. Default: English. */
  readonly language?: string;
  /** Home folder of the person in it, absolute, with the memory at its usual place. Default: both are in `folder`. */
  readonly home?: string;
}

/** A running VS Code, which browsers open. */
export interface EditorServer extends AsyncDisposable {
  readonly port: number;
  /** MEMORY_CENTRAL_HOME of its extension hosts. */
  readonly memoryHome: string;
  /** Folder in which its extension hosts look for programs first, empty. */
  readonly programs: string;
  /** Home folder of the person in it: what other programs keep there is no business of a test. */
  readonly home: string;
  /** What the server and its extension hosts wrote. */
  output(): string;
}

const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'git.openRepositoryInParentFolders': 'never',
  'chat.allowAnonymousAccess': true,
  'chat.byokUtilityModelDefault': 'mainAgent',
  'chat.mcp.autostart': 'newAndOutdated',
  'files.autoSave': 'off',
  'workbench.editor.useModal': 'off',
  'editor.minimap.enabled': false,
  // A busy machine takes longer for a question's embedding than a person would wait.
  'memoryCentral.recall.deadlineMs': 60_000,
  // A tip lies above what the pointer is to meet next, and some stay: tests of tips set it themselves.
  'workbench.hover.delay': 3_600_000,
  // Of all programs on this machine, with messages about them.
  'remote.autoForwardPorts': false,
};

export async function startEditorServer(options: EditorServerOptions): Promise<EditorServer> {
  const { folder } = options;
  const [editor, node, port] = await Promise.all([installEditor(), node24(), freePort()]);
  const memoryHome = options.home
    ? dataDirectory({ XDG_DATA_HOME: join(options.home, '.local', 'share') }, 'linux')
    : join(folder, 'memory');
  const home = options.home ?? join(folder, 'home');
  const programs = join(folder, 'programs');
  const user = join(folder, 'data', 'data', 'User');
  await mkdir(user, { recursive: true });
  await mkdir(memoryHome, { recursive: true });
  await mkdir(home, { recursive: true });
  await mkdir(programs, { recursive: true });
  await writeFile(join(user, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }));
  for (const path of options.extensions ?? [])
    await cp(path, join(folder, 'extensions', basename(path)), { recursive: true });
  const { language } = options;
  if (language) await installLanguagePack(language, join(folder, 'data', 'data'), join(folder, 'extensions'));
  const program = join(editor, 'out', 'server-main.js');
  const folders = ['--server-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')];
  const env = cleanEnvironment({
    ...{ MEMORY_CENTRAL_HOME: memoryHome, HOME: home },
    PATH: `${programs}${delimiter}${process.env['PATH']}`,
  });
  for (const vsix of options.vsix ?? [])
    await runToEnd(node, [program, ...folders, '--install-extension', vsix], env);
  const child = spawn(
    node,
    [
      program,
      ...folders,
      ...['--host', '127.0.0.1', '--port', String(port)],
      '--without-connection-token',
      // What a login shell would add is a person's, and its PATH replaces ours.
      '--force-disable-user-env',
      '--accept-server-license-terms',
      ...['--telemetry-level', 'off'],
      ...(language ? ['--locale', language] : []),
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...(options.testMode === false ? [] : ['--enable-smoke-test-driver']),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const keep = (data: Buffer) => {
    output = (output + data.toString()).slice(-200_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  await listening(child, port, () => output);
  return {
    port,
    memoryHome,
    programs,
    home,
    output: () => output,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

/** A person's settings for other programs must not reach the editor's memory. */
function cleanEnvironment(more: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(CLAUDE|VSCODE|ELECTRON|NODE_OPTIONS|MEMORY|DATABASE_URL|EMBEDDING|OPENAI|MCP_|REDIS)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}

async function listening(child: ChildProcess, port: number, output: () => string): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`The editor ended: ${output()}`);
    const answered = await fetch(`http://127.0.0.1:${port}/version`).then(
      response => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`The editor did not start: ${output()}`);
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function runToEnd(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', data => {
      output += data;
    });
    child.stderr.on('data', data => {
      output += data;
    });
    child.once('error', reject);
    child.once('exit', code => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: ${output}`))));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

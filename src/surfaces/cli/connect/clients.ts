import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch, Places, Scope } from './places.ts';

/** How one client is told of an MCP server. */
export interface Client {
  readonly name: string;
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** File that names the servers. */
  file(scope: Scope, places: Places): string;
  /** Key of the object that holds the servers; `current` is the file's present value. */
  servers(current: unknown): readonly string[];
  /** What stands under the server's name. */
  entry(launch: Launch, current: unknown): Record<string, unknown>;
  /** File with instructions for the agent; undefined: it has none for this scope. */
  instructions(scope: Scope, places: Places): string | undefined;
  /** What a new file needs beside the server. */
  readonly preamble?: Record<string, unknown>;
  /** What to do for the change to take effect. */
  readonly next: string;
}

/** The name under which clients know this server. */
export const SERVER_NAME = 'memory-central';

/** @param as what the client calls the headers that it sends */
const bearer = (token: string | undefined, as = 'headers') =>
  token === undefined ? {} : { [as]: { Authorization: `Bearer ${token}` } };
const under = (home: string | undefined, ...fallback: string[]) => home || join(...fallback);

const claude: Client = {
  name: 'claude',
  title: 'Claude Code',
  format: 'json',
  file: (scope, { home, project, env }) =>
    scope === 'project' ? join(project, '.mcp.json') : join(env['CLAUDE_CONFIG_DIR'] || home, '.claude.json'),
  servers: () => ['mcpServers'],
  entry: launch =>
    launch.kind === 'stdio'
      ? { type: 'stdio', command: launch.command, args: launch.args, env: {} }
      : { type: 'http', url: launch.url, ...bearer(launch.token) },
  instructions: (scope, { home, project, env }) =>
    join(scope === 'project' ? project : under(env['CLAUDE_CONFIG_DIR'], home, '.claude'), 'CLAUDE.md'),
  next: 'Start a new session of Claude Code; `claude mcp list` shows it.',
};

const vscode: Client = {
  name: 'vscode',
  title: 'VS Code',
  format: 'json',
  file: (scope, places) =>
    scope === 'project'
      ? join(places.project, '.vscode', 'mcp.json')
      : join(vscodeUserFolder(places), 'mcp.json'),
  servers: () => ['servers'],
  entry: launch =>
    launch.kind === 'stdio'
      ? { type: 'stdio', command: launch.command, args: launch.args }
      : { type: 'http', url: launch.url, ...bearer(launch.token) },
  instructions: (scope, { project }) =>
    scope === 'project' ? join(project, '.github', 'copilot-instructions.md') : undefined,
  next: 'VS Code starts it with the next chat request and asks whether you trust it.',
};

const codex: Client = {
  name: 'codex',
  title: 'Codex',
  format: 'toml',
  file: (scope, places) => join(codexFolder(scope, places), 'config.toml'),
  servers: () => ['mcp_servers'],
  entry: launch =>
    launch.kind === 'stdio'
      ? { command: launch.command, args: launch.args }
      : { url: launch.url, ...bearer(launch.token, 'http_headers') },
  instructions: (scope, places) =>
    join(scope === 'project' ? places.project : codexFolder('user', places), 'AGENTS.md'),
  next: 'Start Codex again; it reads a project’s file only where you trust the project.',
};

const gemini: Client = {
  name: 'gemini',
  title: 'Gemini CLI',
  format: 'json',
  file: (scope, { home, project }) => join(scope === 'project' ? project : home, '.gemini', 'settings.json'),
  servers: () => ['mcpServers'],
  entry: launch =>
    launch.kind === 'stdio'
      ? { command: launch.command, args: launch.args }
      : { httpUrl: launch.url, ...bearer(launch.token) },
  instructions: (scope, { home, project }) =>
    scope === 'project' ? join(project, 'GEMINI.md') : join(home, '.gemini', 'GEMINI.md'),
  next: 'Start Gemini CLI again; /mcp shows it.',
};

const cursor: Client = {
  name: 'cursor',
  title: 'Cursor',
  format: 'json',
  file: (scope, { home, project }) => join(scope === 'project' ? project : home, '.cursor', 'mcp.json'),
  servers: () => ['mcpServers'],
  entry: launch =>
    launch.kind === 'stdio'
      ? { command: launch.command, args: launch.args }
      : { url: launch.url, ...bearer(launch.token) },
  instructions: (scope, { project }) => (scope === 'project' ? join(project, 'AGENTS.md') : undefined),
  next: 'Restart Cursor and switch the server on among its MCP servers.',
};

const opencode: Client = {
  name: 'opencode',
  title: 'OpenCode',
  format: 'json',
  file: (scope, places) => {
    const folder = scope === 'project' ? places.project : opencodeFolder(places);
    const commented = join(folder, 'opencode.jsonc');
    return existsSync(commented) ? commented : join(folder, 'opencode.json');
  },
  // Version 2 reads version 1's form too, so that form serves both, unless the file has the new one already.
  servers: current => (hasServerMap(current) ? ['mcp', 'servers'] : ['mcp']),
  entry: (launch, current) => ({
    ...(launch.kind === 'stdio'
      ? { type: 'local', command: [launch.command, ...launch.args] }
      : { type: 'remote', url: launch.url, ...bearer(launch.token) }),
    ...(!hasServerMap(current) && { enabled: true }),
  }),
  instructions: (scope, places) =>
    join(scope === 'project' ? places.project : opencodeFolder(places), 'AGENTS.md'),
  preamble: { $schema: 'https://opencode.ai/config.json' },
  next: 'Start OpenCode again.',
};

export const CLIENTS: readonly Client[] = [claude, vscode, codex, gemini, cursor, opencode];

function vscodeUserFolder({ home, env, platform }: Places): string {
  if (platform === 'win32') return join(under(env['APPDATA'], home, 'AppData', 'Roaming'), 'Code', 'User');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Code', 'User');
  return join(under(env['XDG_CONFIG_HOME'], home, '.config'), 'Code', 'User');
}

function codexFolder(scope: Scope, { home, project, env }: Places): string {
  return scope === 'project' ? join(project, '.codex') : under(env['CODEX_HOME'], home, '.codex');
}

function opencodeFolder({ home, env }: Places): string {
  return join(under(env['XDG_CONFIG_HOME'], home, '.config'), 'opencode');
}

/** `mcp.servers` is version 2's map, not a server of that name. */
function hasServerMap(current: unknown): boolean {
  const servers = (current as { mcp?: { servers?: unknown } } | undefined)?.mcp?.servers;
  return (
    servers !== null &&
    typeof servers === 'object' &&
    !Array.isArray(servers) &&
    !('type' in servers && typeof servers.type === 'string') &&
    !('enabled' in servers && typeof servers.enabled === 'boolean')
  );
}

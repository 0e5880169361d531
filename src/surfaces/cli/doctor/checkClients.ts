import { access, constants, stat } from 'node:fs/promises';
import { TOKEN_FORM } from '../../../engine/tokens/tokenText.ts';
import { placesOf } from '../commands/connect.ts';
import { CLIENTS, type Client, SERVER_NAME } from '../connect/clients.ts';
import { readJson, valueAt } from '../connect/editJson.ts';
import { readToml } from '../connect/editToml.ts';
import { isOwnHost } from '../connect/launch.ts';
import { launcherPath, launcherText } from '../connect/launcher.ts';
import type { Places, Scope } from '../connect/places.ts';
import { readTextFile } from '../connect/textFile.ts';
import type { Session } from '../session.ts';
import { checkPlugin } from './checkPlugin.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const SCOPES: readonly Scope[] = ['user', 'project'];

/** Whether clients are connected, and whether what they start is there. */
export async function* checkClients(session: Session): AsyncGenerator<Finding> {
  const places = placesOf(session);
  let connected = 0;
  let launched = 0;
  for (const client of CLIENTS) {
    for (const scope of SCOPES) {
      const found = await checkClient(client, scope, places, session);
      if (!found) continue;
      connected++;
      if (found.stdio) launched++;
      yield found.finding;
    }
  }
  const plugin = await checkPlugin(session);
  if (plugin) {
    connected++;
    launched++;
    yield plugin;
  }
  if (launched > 0) yield await checkLauncher(session);
  if (connected === 0) {
    yield warn(
      'clients',
      'no client is connected',
      `Connect one: memory-central connect ${CLIENTS.map(client => client.name).join('|')}`,
    );
  }
}

/** undefined when the client has no entry of ours. */
async function checkClient(
  client: Client,
  scope: Scope,
  places: Places,
  session: Session,
): Promise<{ finding: Finding; stdio: boolean } | undefined> {
  const path = client.file(scope, places);
  const check = client.name;
  let entry: unknown;
  try {
    const text = await readTextFile(path);
    if (text === undefined) return undefined;
    const current = client.format === 'toml' ? readToml(text, path) : readJson(text, path);
    entry = valueAt(current, [...client.servers(current), SERVER_NAME]);
  } catch (error) {
    const finding = warn(check, (error as Error).message, `Correct it, or ${client.title} may not read it.`);
    return { finding, stdio: false };
  }
  if (entry === undefined || entry === null || typeof entry !== 'object') return undefined;
  const again = `memory-central connect ${client.name}${scope === 'project' ? ' --project' : ''}`;
  const url = addressOf(entry as Record<string, unknown>);
  if (url !== undefined) return { finding: checkHttp(check, path, entry, url, again, session), stdio: false };
  const missing = await missingProgram(entry as Record<string, unknown>);
  const finding =
    missing === undefined
      ? ok(check, `connected in ${path}`)
      : fail(check, `${path} starts ${missing}, which is not there`, `Repeat ${again}`);
  return { finding, stdio: true };
}

function checkHttp(
  check: string,
  path: string,
  entry: unknown,
  url: string,
  again: string,
  session: Session,
): Finding {
  const { dataDirectory, settings } = session.runtime;
  const { host, hostname, port } = URL.canParse(url) ? new URL(url) : { host: url, hostname: '', port: '' };
  if (hostname !== '' && !isOwnHost(hostname, session))
    return ok(check, `connected in ${path} with the server ${url}`);
  // One that was made for this client, perhaps by a server in a container, whose tokens are not known here.
  if (TOKEN_FORM.test(JSON.stringify(entry)))
    return ok(check, `connected in ${path} over ${url}, with a token of its own; the server must be running`);
  let token: string;
  try {
    token = session.host.httpToken(dataDirectory, { create: false });
  } catch {
    return warn(check, `${path} uses ${url}, and this machine has no token yet`, `Repeat ${again} --http`);
  }
  if (!JSON.stringify(entry).includes(token))
    return fail(check, `${path} has another token than this machine’s server`, `Repeat ${again} --http`);
  if (port !== String(settings['mcp.port']))
    return warn(
      check,
      `${path} uses ${host}; the server’s port is ${settings['mcp.port']}`,
      `Repeat ${again} --http`,
    );
  return ok(check, `connected in ${path} over ${url}; memory-central serve must be running`);
}

function addressOf(entry: Record<string, unknown>): string | undefined {
  const url = entry['url'] ?? entry['httpUrl'];
  return typeof url === 'string' ? url : undefined;
}

/** Only what is named by a path can be looked for. */
async function missingProgram(entry: Record<string, unknown>): Promise<string | undefined> {
  const args = Array.isArray(entry['args']) ? (entry['args'] as unknown[]) : [];
  const words = [entry['command'], ...args].flat();
  const program = words.find(word => typeof word === 'string' && /[\\/]/.test(word) && word.length > 2);
  if (typeof program !== 'string') return undefined;
  return (await exists(program)) ? undefined : program;
}

async function checkLauncher({ host, runtime }: Session): Promise<Finding> {
  const path = launcherPath(runtime.dataDirectory, host.runtime.platform);
  const text = await readTextFile(path);
  const again = 'Repeat memory-central connect for one client; it is written again.';
  if (text === undefined) return fail('launcher', `${path} is not there`, again);
  const program = /['"]([^'"]*cli\.js)['"]/.exec(text)?.[1];
  if (program === undefined || !(await exists(program)))
    return fail('launcher', `${path} starts ${program ?? 'nothing'}, which is not there`, again);
  if (host.runtime.platform !== 'win32' && !(await executable(path)))
    return fail('launcher', `${path} may not be executed`, `chmod +x ${path}`);
  if (text !== launcherText(runtime.dataDirectory, host.runtime))
    return warn('launcher', `${path} starts another installation: ${program}`, again);
  return ok('launcher', `${path} starts this installation`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

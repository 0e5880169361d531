import { parseArgs } from 'node:util';
import { localToken, tokenPath } from '../adapters/node/tokenFile.ts';
import { MemoryError } from '../engine/errors.ts';
import { GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import { type HttpServer, startHttpServer } from '../surfaces/mcp/httpServer.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { version } from './version.ts';

/**
 * The MCP server of this machine, on the runtime's engine.
 * @param auth false: whoever reaches the address may use it; refused anywhere but on loopback
 */
export async function startServer(runtime: Runtime, { auth = true } = {}): Promise<HttpServer> {
  const { settings, logger, dataDirectory } = runtime;
  const engine = () => runtime.engine();
  const server = await startHttpServer({
    host: settings['mcp.host'],
    port: settings['mcp.port'],
    ...(auth && { token: localToken(dataDirectory) }),
    call: callToolsOn(engine),
    engine,
    // The working directory of a server says nothing of its clients'.
    caller: (client, namespace) =>
      runtime.caller(client ?? 'mcp', namespace ?? (settings.namespace || GLOBAL_NAMESPACE)),
    version: version(),
    logger,
  });
  engine().catch(error => logger.error('the engine did not open', { error: String(error) }));
  return server;
}

/** `memory-central serve [--host address] [--port number] [--no-auth]`: until SIGTERM or SIGINT. */
export async function serve(args: readonly string[]): Promise<void> {
  const { host, port, auth } = readArguments(args);
  const overrides = { 'mcp.host': host, 'mcp.port': port === undefined ? undefined : Number(port) };
  await using runtime = createRuntime(overrides);
  await using server = await startServer(runtime, { auth });
  // Listened for first: whoever reads the welcome may stop the server at once.
  const stopped = new Promise<void>(resolve => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  process.stderr.write(welcome(server.url, auth ? tokenPath(runtime.dataDirectory) : undefined));
  await stopped;
}

/** @param tokenFile undefined: no token is needed */
export function welcome(url: string, tokenFile: string | undefined): string {
  const header = tokenFile ? ` --header "Authorization: Bearer $(cat '${tokenFile}')"` : '';
  return `Memory Central serves MCP at ${url}; a namespace of its own at ${url}/<namespace>.
  Clients send ${tokenFile ? `the token of ${tokenFile}` : 'no token'}.
  Claude Code: claude mcp add --transport http memory-central ${url}${header}
  Others: memory-central connect claude|vscode|codex|gemini|cursor|opencode --http
`;
}

function readArguments(args: readonly string[]): { host?: string; port?: string; auth: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'no-auth': { type: 'boolean' },
      },
    });
    return { ...values, auth: values['no-auth'] !== true };
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      (error as Error).message,
      'serve takes --host address, --port number and --no-auth.',
      { cause: error },
    );
  }
}

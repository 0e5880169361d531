import { localToken } from '../adapters/node/tokenFile.ts';
import { GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import { type HttpServer, startHttpServer } from '../surfaces/mcp/httpServer.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { version } from './version.ts';

/** The MCP server of this machine, on the runtime's engine. */
export async function startServer(runtime: Runtime): Promise<HttpServer> {
  const { settings, logger, dataDirectory } = runtime;
  const engine = () => runtime.engine();
  await engine();
  return startHttpServer({
    host: settings['mcp.host'],
    port: settings['mcp.port'],
    token: localToken(dataDirectory),
    call: callToolsOn(engine),
    engine,
    // The working directory of a server says nothing of its clients'.
    caller: (client, namespace) =>
      runtime.caller(client ?? 'mcp', namespace ?? (settings.namespace || GLOBAL_NAMESPACE)),
    version: version(),
    logger,
  });
}

/** `memory-central serve`: until SIGTERM or SIGINT. @param overrides settings from the command line */
export async function serve(overrides: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const runtime = createRuntime(overrides);
  const server = await startServer(runtime);
  process.stderr.write(
    `Memory Central serves MCP at ${server.url} (token: ${runtime.dataDirectory}/http-token)\n`,
  );
  await new Promise<void>(resolve => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  await server[Symbol.asyncDispose]();
  await runtime[Symbol.asyncDispose]();
}

import { parseArgs } from 'node:util';
import { localToken, tokenPath } from '../adapters/node/tokenFile.ts';
import { MemoryError } from '../engine/errors.ts';
import { GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import { type HttpServer, startHttpServer } from '../surfaces/mcp/httpServer.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { version } from './version.ts';

/** The MCP server of this machine, on the runtime's engine. */
async function startServer(runtime: Runtime): Promise<HttpServer> {
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

/** `memory-central serve [--host address] [--port number]`: until SIGTERM or SIGINT. */
async function serve(): Promise<void> {
  const { values } = parseArgs({ options: { host: { type: 'string' }, port: { type: 'string' } } });
  const overrides = {
    'mcp.host': values.host,
    'mcp.port': values.port === undefined ? undefined : Number(values.port),
  };
  const runtime = createRuntime(overrides);
  const server = await startServer(runtime);
  process.stderr.write(
    `Memory Central serves MCP at ${server.url} (token in ${tokenPath(runtime.dataDirectory)})\n`,
  );
  await new Promise<void>(resolve => process.once('SIGTERM', resolve).once('SIGINT', resolve));
  await server[Symbol.asyncDispose]();
  await runtime[Symbol.asyncDispose]();
}

serve().catch((error: Error) => {
  const fix = MemoryError.is(error) ? ` ${error.fix}` : '';
  process.stderr.write(`${error.message}${fix}\n`);
  process.exitCode = MemoryError.is(error, 'unavailable') ? 5 : 2;
});

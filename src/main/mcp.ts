import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from '../surfaces/mcp/createMcpServer.ts';
import { Subscriptions } from '../surfaces/mcp/subscriptions.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { createRuntime } from './runtime.ts';
import { version } from './version.ts';

/** The engine opens so long after the start, when the client has its tool list and is not yet asking. */
const WARM_AFTER_MS = 250;

/** MCP over stdin and stdout: what `memory-central mcp` runs. Ends when stdin does. */
export function runStdio(): void {
  const runtime = createRuntime();
  const engine = () => runtime.engine();
  const handle = serveStdio(
    () => {
      const server = createMcpServer({
        call: callToolsOn(engine),
        engine,
        caller: client => runtime.caller(client ?? 'mcp'),
        version: version(),
        logger: runtime.logger,
      });
      new Subscriptions(server, engine);
      return server;
    },
    { onerror: error => runtime.logger.warn('protocol', { error: error.message }) },
  );
  const warming = setTimeout(() => void engine().catch(() => {}), WARM_AFTER_MS);
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    clearTimeout(warming);
    await handle.close();
    await Promise.resolve(runtime[Symbol.asyncDispose]()).catch(() => {});
    process.exit(0);
  };
  process.stdin.once('end', end).once('close', end);
  process.once('SIGTERM', end).once('SIGINT', end);
}

runStdio();

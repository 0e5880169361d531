import { GLOBAL_NAMESPACE } from '../engine/model/caller.ts';
import { toolSetsOf } from '../engine/model/toolSets.ts';
import type { Sender } from '../surfaces/http/authenticate.ts';
import type { Drain } from '../surfaces/http/drain.ts';
import { requestRate } from '../surfaces/http/requestRate.ts';
import { startHttpServer } from '../surfaces/mcp/httpServer.ts';
import { startRestServer } from '../surfaces/rest/restServer.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { callerOf } from './access/callerOf.ts';
import { openAccess } from './access/openAccess.ts';
import { openEncryption } from './access/openEncryption.ts';
import { builtFile } from './assets.ts';
import type { Observability } from './observability/observability.ts';
import { restLimits } from './restLimits.ts';
import type { Runtime } from './runtime.ts';
import { startCacheServices } from './startCacheServices.ts';
import { version } from './version.ts';

export interface Servers extends AsyncDisposable {
  /** Of MCP, such as `http://127.0.0.1:9000/mcp`. */
  readonly mcp: string;
  /** Of REST, such as `http://127.0.0.1:8000`. */
  readonly rest: string;
}

/**
 * MCP and REST on the runtime's engine.
 * @param auth false: whoever reaches the address may use it; refused anywhere but on loopback
 */
export async function startServers(
  runtime: Runtime,
  {
    auth,
    observability,
    drain,
  }: { readonly auth: boolean; readonly observability: Observability; readonly drain: Drain },
): Promise<Servers> {
  const { settings, logger } = runtime;
  const engine = () => runtime.engine();
  const sets = toolSetsOf(settings['tools.sets']);
  const access = await openAccess(runtime, auth);
  const encryption = openEncryption(settings, logger);
  // The working directory of a server says nothing of its clients'.
  const own = settings.namespace || GLOBAL_NAMESPACE;
  const limits = restLimits(settings);
  const rate = requestRate(settings['api.requestsPerMinute']);
  const shared = { ...access, encryption, engine, version: version(), logger, limits, rate };
  const mcp = await startHttpServer({
    ...shared,
    host: settings['mcp.host'],
    port: settings['mcp.port'],
    call: observability.calls(callToolsOn(engine, sets), 'mcp'),
    watch: observability.requests('mcp'),
    caller: (client, namespace, session, sender) =>
      callerOf(runtime, own, { client, nameless: 'mcp', namespace, session }, sender),
    sets,
    drain,
    sessions: settings['mcp.sessions'],
  });
  const restDeps = {
    ...shared,
    host: settings['api.host'],
    docsFolder: builtFile('docs'),
    agentMemory: {
      unnamed: settings['agentMemory.unnamed'],
      unknownSession: settings['agentMemory.unknownSession'],
    },
    call: observability.calls(callToolsOn(engine), 'rest'),
    watch: observability.requests('rest'),
    scrape: () => observability.scrape(),
    caller: (client: string | undefined, sender: Sender) =>
      callerOf(runtime, own, { client, nameless: 'rest' }, sender),
  };
  const started: AsyncDisposable[] = [mcp];
  const stop = () => Promise.all(started.map(one => one[Symbol.asyncDispose]()));
  const rest = await startRestServer(restDeps, settings['api.port'], drain)
    .then(async server => {
      started.push(server, ...(await startCacheServices(restDeps, settings)));
      return server;
    })
    .catch(async error => {
      await stop();
      throw error;
    });
  observability.sample({
    name: 'sessions',
    metrics: ['mcpSessions'],
    everyMs: 0,
    read: async () => ({ mcpSessions: [{ value: mcp.sessions }] }),
  });
  engine().catch(error => logger.error('the engine did not open', { error: String(error) }));
  return {
    mcp: mcp.url,
    rest: rest.url,
    async [Symbol.asyncDispose]() {
      await stop();
      encryption?.[Symbol.dispose]();
    },
  };
}

import { fileURLToPath } from 'node:url';
import { repositoryNamespace } from '../adapters/node/repositoryNamespace.ts';
import type { Caller } from '../engine/model/caller.ts';
import { engineWork } from '../surfaces/mcp/engineWork.ts';
import type { Client, McpWork } from '../surfaces/mcp/mcpWork.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { createRuntime, type Runtime } from './runtime.ts';

export interface StdioWork {
  readonly work: McpWork;
  /** Opens the engine before it is asked for; a failure is told to the first who asks. */
  warm(): void;
  close(): Promise<void>;
}

/** Everything that costs time to load: settings, tools and the engine, for the program that serves one client. */
export function openStdioWork(): StdioWork {
  const runtime = createRuntime();
  const { logger } = runtime;
  const engine = () => runtime.engine();
  const caller = (client: Client) => callerOf(client, runtime);
  return {
    work: engineWork({ call: callToolsOn(engine), engine, caller, logger }),
    warm: () => {
      engine().catch(error => logger.warn('the engine did not open', { error: String(error) }));
    },
    async close() {
      try {
        await runtime[Symbol.asyncDispose]();
      } catch (error) {
        logger.warn('the engine did not close', { error: String(error) });
      }
    },
  };
}

/** In the namespace of the setting; else of the folder that the client works in; else of the working directory. */
async function callerOf(client: Client, runtime: Runtime): Promise<Caller> {
  const name = client.name ?? 'mcp';
  if (runtime.settings.namespace) return runtime.caller(name);
  const root = (await client.roots()).find(uri => uri.startsWith('file:'));
  return runtime.caller(name, root && namespaceOf(root));
}

function namespaceOf(root: string): string | undefined {
  try {
    return repositoryNamespace(fileURLToPath(root));
  } catch {
    // An address that this platform cannot read as a path.
    return undefined;
  }
}

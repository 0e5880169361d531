import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { repositoryNamespace } from '../adapters/node/repositoryNamespace.ts';
import type { Caller } from '../engine/model/caller.ts';
import { type ToolSet, toolSetsOf } from '../engine/model/toolSets.ts';
import { engineWork } from '../surfaces/mcp/engineWork.ts';
import type { Client, McpWork } from '../surfaces/mcp/mcpWork.ts';
import { callToolsOn } from '../tools/callTool.ts';
import { createRuntime, type Runtime } from './runtime.ts';

export interface StdioWork {
  /** Of the tools that are offered. */
  readonly sets: readonly ToolSet[];
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
  const session = randomUUID();
  const caller = (client: Client) => callerOf(client, runtime, session);
  const sets = toolSetsOf(runtime.settings['tools.sets']);
  const work = engineWork({ call: callToolsOn(engine, sets), engine, caller, logger });
  return {
    sets,
    work,
    warm: () => {
      engine().catch(error => logger.warn('the engine did not open', { error: String(error) }));
    },
    async close() {
      await work.close();
      try {
        await runtime[Symbol.asyncDispose]();
      } catch (error) {
        logger.warn('the engine did not close', { error: String(error) });
      }
    },
  };
}

/** In the namespace of the setting; else of the folder that the client works in; else of the working directory. */
async function callerOf(client: Client, runtime: Runtime, session: string): Promise<Caller> {
  const name = client.name ?? 'mcp';
  if (runtime.settings.namespace) return runtime.caller(name, undefined, session);
  const root = (await client.roots()).find(uri => uri.startsWith('file:'));
  return runtime.caller(name, root && namespaceOf(root, runtime), session);
}

function namespaceOf(root: string, runtime: Runtime): string | undefined {
  try {
    const folder = fileURLToPath(root);
    runtime.worksIn(folder);
    return repositoryNamespace(folder);
  } catch {
    // An address that this platform cannot read as a path.
    return undefined;
  }
}

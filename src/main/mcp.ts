import { existsSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { dataDirectory } from '../config/dataDirectory.ts';
import { builtFile } from './assets.ts';

/**
 * MCP over stdin and stdout: `dist/mcp.js`, and `memory-central mcp`. Clients wait for this program at every start, so it only
 * switches on Node's compile cache (where there is one: Node 22 and later) before it loads the server.
 */
if (process.stdin.isTTY)
  process.stderr.write(
    'Speaks MCP on stdin and stdout, until Ctrl-D. Clients start it by themselves: memory-central connect\n',
  );
const folder = dataDirectory();
// Only where the store made it already, with permissions of its own.
if (existsSync(folder)) enableCompileCache?.(join(folder, 'compile-cache'));
const load = createRequire(builtFile('mcp.js')) as (id: string) => typeof import('./mcpServer.ts');
load(builtFile('mcpServer.js')).runStdio();

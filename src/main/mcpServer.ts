import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { MemoryError } from '../engine/errors.ts';
import { TOOL_SETS, type ToolSet } from '../engine/model/toolSets.ts';
import type { McpWork } from '../surfaces/mcp/mcpWork.ts';
import { serveStdioClient } from '../surfaces/mcp/serveStdioClient.ts';
import type { ListedTool } from '../surfaces/mcp/toolListing.ts';
import { builtFile } from './assets.ts';
import type { StdioWork } from './mcpWork.ts';
import { mentionsTools } from './mentionsTools.ts';

/** The engine opens so long after the tools were listed: the answer is out, and the first call is yet to come. */
const WARM_AFTER_MS = 20;
/** An engine that cannot be closed within this time is left to the operating system. */
const CLOSE_MS = 5000;

/** What the build wrote down, so that no schema is computed at a start. */
interface Listing {
  readonly version: string;
  readonly tools: readonly ListedTool[];
  /** The set of each tool. */
  readonly sets: Readonly<Record<string, ToolSet>>;
}

/** Serves the client on stdin and stdout until it goes away; then the process ends. Logs go to stderr. */
export function runStdio(): void {
  const { sets, tools, version } = JSON.parse(readFileSync(builtFile('mcp-listing.json'), 'utf8')) as Listing;
  const load = createRequire(builtFile('mcpServer.js')) as (id: string) => typeof import('./mcpWork.ts');
  let opened: StdioWork | undefined;
  const open = () => {
    opened ??= load(builtFile('mcpWork.js')).openStdioWork();
    return opened;
  };
  const offered = mentionsTools() ? setsOrExit(open) : TOOL_SETS;
  let warming: NodeJS.Timeout | undefined;
  const connection = serveStdioClient({
    input: process.stdin,
    output: process.stdout,
    tools: tools.filter(({ name }) => offered.includes(sets[name]!)),
    version,
    work: async (): Promise<McpWork> => open().work,
    onListed: () => {
      warming ??= setTimeout(() => open().warm(), WARM_AFTER_MS);
    },
    // The reason only: a message's text may hold what was to be remembered.
    onError: error =>
      process.stderr.write(`${JSON.stringify({ level: 40, msg: 'protocol', error: error.name })}\n`),
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(signal, () => void connection.close());
  void connection.ended.then(async () => {
    clearTimeout(warming);
    setTimeout(() => process.exit(1), CLOSE_MS);
    await opened?.close();
    process.exit(0);
  });
}

/** Whoever misspells a set would be offered too much or too little, and not know it. */
function setsOrExit(open: () => StdioWork): readonly ToolSet[] {
  try {
    return open().sets;
  } catch (error) {
    // Of another bundle, so it is no instance of this one's class.
    const { code, fix, message } = error as Partial<MemoryError>;
    process.stderr.write(`error: ${message}\n${fix ?? ''}\n`);
    process.exit(code === 'invalid_input' ? 2 : 1);
  }
}

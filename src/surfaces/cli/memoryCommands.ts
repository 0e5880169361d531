import type { Command } from 'commander';
import { knownTool } from './knownTool.ts';
import { renderHistory, renderList, renderMemory, renderRecall } from './render.ts';
import { renderStats } from './renderStats.ts';
import type { RunCommand } from './runCommand.ts';
import { type Friendly, toolCommand } from './toolCommand.ts';

const MODEL_START_MS = 2000;

/** Daily commands: a tool under a short name, its main field given as plain words. */
const FRIENDLY: readonly (Friendly & { readonly tool: string })[] = [
  {
    tool: 'store_memory',
    name: 'store',
    summary: 'Remember a text, from the command line or stdin',
    plain: [{ spec: '[text...]', about: 'what to remember; - reads stdin', field: 'content' }],
    stdin: true,
    waitMs: MODEL_START_MS,
  },
  {
    tool: 'semantic_search',
    name: 'recall',
    summary: 'Find memories by meaning and words',
    plain: [{ spec: '[words...]', about: 'what to look for', field: 'query' }],
    render: renderRecall,
    recalls: true,
  },
  {
    tool: 'retrieve_memory',
    name: 'get',
    summary: 'Show one memory whole',
    plain: [{ spec: '[id]', about: 'id of the memory, which list and recall show', field: 'memory_id' }],
    render: renderMemory,
  },
  {
    tool: 'get_agent_memories',
    name: 'list',
    summary: 'List memories, newest first',
    render: renderList,
  },
  {
    tool: 'memory_history',
    name: 'history',
    summary: 'Show the latest changes, of one memory or of all',
    plain: [{ spec: '[id]', about: 'id of a memory', field: 'memory_id' }],
    render: renderHistory,
  },
  {
    tool: 'undo_change',
    name: 'undo',
    summary: 'Take a change back',
    plain: [{ spec: '[operation]', about: 'id of the change, which history shows', field: 'operation_id' }],
  },
  {
    tool: 'memory_stats',
    name: 'stats',
    summary: 'Count memories by kind, agent and day',
    render: renderStats,
  },
];

/** The short name of a tool, by the tool's own. */
export const MEMORY_NAMES: ReadonlyMap<string, string> = new Map(
  FRIENDLY.map(({ tool, name }) => [tool, name]),
);

export function addMemoryCommands(program: Command, run: RunCommand): void {
  program.commandsGroup('Memories:');
  for (const { tool, ...friendly } of FRIENDLY)
    program.addCommand(toolCommand(knownTool(tool), run, friendly));
}

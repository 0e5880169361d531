import type { Tool } from './defineTool.ts';
import { batchOperations } from './memories/batchOperations.ts';
import { clearMemory } from './memories/clearMemory.ts';
import { findSimilarMemories } from './memories/findSimilarMemories.ts';
import { getAgentMemories } from './memories/getAgentMemories.ts';
import { memoryHistory } from './memories/memoryHistory.ts';
import { retrieveMemory } from './memories/retrieveMemory.ts';
import { semanticSearch } from './memories/semanticSearch.ts';
import { storeMemory } from './memories/storeMemory.ts';
import { undoChange } from './memories/undoChange.ts';
import { updateMemory } from './memories/updateMemory.ts';
import { exportMemories } from './system/exportMemories.ts';
import { importMemories } from './system/importMemories.ts';
import { memoryStats } from './system/memoryStats.ts';

const single = [
  storeMemory,
  semanticSearch,
  retrieveMemory,
  updateMemory,
  getAgentMemories,
  findSimilarMemories,
  clearMemory,
  memoryStats,
] as unknown as readonly Tool[];

/** Every operation. A new tool is one file and one line here; all surfaces follow. */
export const tools: readonly Tool[] = [
  ...single,
  batchOperations(single) as unknown as Tool,
  memoryHistory as unknown as Tool,
  undoChange as unknown as Tool,
  importMemories as unknown as Tool,
  exportMemories as unknown as Tool,
];

export function toolsFor(surface: Tool['surfaces'][number]): readonly Tool[] {
  return tools.filter(tool => tool.surfaces.includes(surface));
}

export function findTool(name: string): Tool | undefined {
  return tools.find(tool => tool.name === name);
}

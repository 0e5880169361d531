import { claimFiles } from './agents/claimFiles.ts';
import { handoff } from './agents/handoff.ts';
import { listAgents } from './agents/listAgents.ts';
import { registerAgent } from './agents/registerAgent.ts';
import { unregisterAgent } from './agents/unregisterAgent.ts';
import { updateAgentHeartbeat } from './agents/updateAgentHeartbeat.ts';
import { appendConversation } from './caches/appendConversation.ts';
import { cacheGet } from './caches/cacheGet.ts';
import { cachePut } from './caches/cachePut.ts';
import { cacheStats } from './caches/cacheStats.ts';
import { clearCache } from './caches/clearCache.ts';
import { invalidateFileCache } from './caches/invalidateFileCache.ts';
import { invalidateSearchCache } from './caches/invalidateSearchCache.ts';
import { readConversation } from './caches/readConversation.ts';
import { getSharedContext } from './contexts/getSharedContext.ts';
import { revokeSharedContext } from './contexts/revokeSharedContext.ts';
import { shareContextWithAgent } from './contexts/shareContextWithAgent.ts';
import type { Tool } from './defineTool.ts';
import { listJobs } from './jobs/listJobs.ts';
import { pauseJobs } from './jobs/pauseJobs.ts';
import { purgeJobs } from './jobs/purgeJobs.ts';
import { retryJobs } from './jobs/retryJobs.ts';
import { runJob } from './jobs/runJob.ts';
import { batchOperations } from './memories/batchOperations.ts';
import { clearMemory } from './memories/clearMemory.ts';
import { findSimilarMemories } from './memories/findSimilarMemories.ts';
import { getAgentMemories } from './memories/getAgentMemories.ts';
import { memoriesToReview } from './memories/memoriesToReview.ts';
import { memoryDigest } from './memories/memoryDigest.ts';
import { memoryHistory } from './memories/memoryHistory.ts';
import { retrieveMemory } from './memories/retrieveMemory.ts';
import { reviewMemories } from './memories/reviewMemories.ts';
import { semanticSearch } from './memories/semanticSearch.ts';
import { storeMemory } from './memories/storeMemory.ts';
import { undoChange } from './memories/undoChange.ts';
import { updateMemory } from './memories/updateMemory.ts';
import { recordTools } from './recordTools.ts';
import { exportMemories } from './system/exportMemories.ts';
import { getMetrics } from './system/getMetrics.ts';
import { gpuStatus } from './system/gpuStatus.ts';
import { healthCheck } from './system/healthCheck.ts';
import { importMemories } from './system/importMemories.ts';
import { memoryStats } from './system/memoryStats.ts';
import { completeTask } from './tasks/completeTask.ts';
import { distributeTask } from './tasks/distributeTask.ts';
import { failTask } from './tasks/failTask.ts';
import { getPendingTasks } from './tasks/getPendingTasks.ts';
import { listTasks } from './tasks/listTasks.ts';
import { purgeTasks } from './tasks/purgeTasks.ts';
import { taskHistory } from './tasks/taskHistory.ts';
import { taskStats } from './tasks/taskStats.ts';
import { updateTask } from './tasks/updateTask.ts';
import { compactMemories } from './upkeep/compactMemories.ts';
import { listMerges } from './upkeep/listMerges.ts';
import { promoteMemories } from './upkeep/promoteMemories.ts';
import { unmergeMemories } from './upkeep/unmergeMemories.ts';

const single = [
  storeMemory,
  semanticSearch,
  retrieveMemory,
  updateMemory,
  getAgentMemories,
  findSimilarMemories,
  clearMemory,
  memoryStats,
  gpuStatus,
] as unknown as readonly Tool[];

const ofTasks = [
  distributeTask,
  getPendingTasks,
  completeTask,
  failTask,
  updateTask,
  listTasks,
] as unknown as readonly Tool[];

const ofAgents = [
  ...[registerAgent, unregisterAgent, updateAgentHeartbeat, listAgents],
  ...[shareContextWithAgent, getSharedContext, revokeSharedContext, claimFiles, handoff],
] as unknown as readonly Tool[];

/** Tools that programs of the LAN want, and hardly ever a person; by topic. */
export const topics: Readonly<Record<string, readonly Tool[]>> = {
  ...recordTools,
  tasks: [taskHistory, taskStats, purgeTasks] as unknown as readonly Tool[],
  jobs: [listJobs, runJob, pauseJobs, retryJobs, purgeJobs] as unknown as readonly Tool[],
  upkeep: [compactMemories, listMerges, unmergeMemories, promoteMemories] as unknown as readonly Tool[],
  caches: [
    ...[cacheStats, cacheGet, cachePut, clearCache],
    ...[invalidateSearchCache, invalidateFileCache, appendConversation, readConversation],
  ] as unknown as readonly Tool[],
};

/** Every operation. A new tool is one file and one line here; all surfaces follow. */
export const tools: readonly Tool[] = [
  ...single,
  batchOperations(batched) as unknown as Tool,
  memoryHistory as unknown as Tool,
  memoryDigest as unknown as Tool,
  undoChange as unknown as Tool,
  memoriesToReview as unknown as Tool,
  reviewMemories as unknown as Tool,
  ...ofTasks,
  ...ofAgents,
  importMemories as unknown as Tool,
  exportMemories as unknown as Tool,
  healthCheck as unknown as Tool,
  getMetrics as unknown as Tool,
  ...Object.values(topics).flat(),
];

/** What a batch may call: what agents have, but a batch. */
function batched(): readonly Tool[] {
  return toolsFor('mcp').filter(tool => tool.name !== 'batch_operations');
}

export function toolsFor(surface: Tool['surfaces'][number]): readonly Tool[] {
  return tools.filter(tool => tool.surfaces.includes(surface));
}

export function findTool(name: string): Tool | undefined {
  return tools.find(tool => tool.name === name);
}

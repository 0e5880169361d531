import { createToken } from './access/createToken.ts';
import { listTokens } from './access/listTokens.ts';
import { revokeToken } from './access/revokeToken.ts';
import { rotateToken } from './access/rotateToken.ts';
import type { Tool } from './defineTool.ts';
import { getEmbeddings } from './embeddings/getEmbeddings.ts';
import { listEmbeddings } from './embeddings/listEmbeddings.ts';
import { nearestEmbeddings } from './embeddings/nearestEmbeddings.ts';
import { removeEmbedding } from './embeddings/removeEmbedding.ts';
import { storeEmbedding } from './embeddings/storeEmbedding.ts';
import { listEvents } from './events/listEvents.ts';
import { publishEvent } from './events/publishEvent.ts';
import { watchEvents } from './events/watchEvents.ts';
import { acknowledgeLearning } from './learning/acknowledgeLearning.ts';
import { claimLearning } from './learning/claimLearning.ts';
import { learningStatus } from './learning/learningStatus.ts';
import { processLearning } from './learning/processLearning.ts';
import { queueLearning } from './learning/queueLearning.ts';
import { readLearning } from './learning/readLearning.ts';
import { activateModel } from './models/activateModel.ts';
import { getModel } from './models/getModel.ts';
import { listModels } from './models/listModels.ts';
import { recordModelUsage } from './models/recordModelUsage.ts';
import { registerModel } from './models/registerModel.ts';
import { removeModel } from './models/removeModel.ts';
import { clusterHealth } from './nodes/clusterHealth.ts';
import { getNode } from './nodes/getNode.ts';
import { listNodes } from './nodes/listNodes.ts';
import { nodeHeartbeat } from './nodes/nodeHeartbeat.ts';
import { registerNode } from './nodes/registerNode.ts';
import { retireNode } from './nodes/retireNode.ts';
import { routeRequest } from './nodes/routeRequest.ts';
import { getSession } from './sessions/getSession.ts';
import { listSessions } from './sessions/listSessions.ts';
import { removeSession } from './sessions/removeSession.ts';
import { saveSession } from './sessions/saveSession.ts';
import { forgetToolResults } from './toolResults/forgetToolResults.ts';
import { getToolResult } from './toolResults/getToolResult.ts';
import { storeToolResult } from './toolResults/storeToolResult.ts';
import { toolResultCounts } from './toolResults/toolResultCounts.ts';

/** What works on the records of the LAN, by topic. A program wants them, hardly ever a person. */
export const recordTools = {
  sessions: [saveSession, getSession, listSessions, removeSession],
  embeddings: [storeEmbedding, getEmbeddings, listEmbeddings, nearestEmbeddings, removeEmbedding],
  learning: [
    ...[queueLearning, readLearning, acknowledgeLearning, claimLearning],
    ...[learningStatus, processLearning],
  ],
  'tool results': [storeToolResult, getToolResult, forgetToolResults, toolResultCounts],
  models: [registerModel, getModel, listModels, activateModel, recordModelUsage, removeModel],
  nodes: [...[registerNode, nodeHeartbeat, listNodes, getNode], ...[routeRequest, clusterHealth, retireNode]],
  events: [publishEvent, listEvents, watchEvents],
  tokens: [createToken, listTokens, revokeToken, rotateToken],
} as unknown as Readonly<Record<string, readonly Tool[]>>;

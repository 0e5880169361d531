import type { Route } from './route.ts';

const one = '/v1/memories/{memory_id}';

export const memoryRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/memories', tool: 'get_agent_memories', pages: 'memories' },
  {
    method: 'POST',
    path: '/v1/memories',
    tool: 'store_memory',
    creates: '/v1/memories/{id}',
    versioned: true,
  },
  { method: 'DELETE', path: '/v1/memories', tool: 'clear_memory' },
  { method: 'GET', path: one, tool: 'retrieve_memory', versioned: true },
  { method: 'PATCH', path: one, tool: 'update_memory', versioned: true },
  {
    ...{ method: 'DELETE', path: one, tool: 'clear_memory', versioned: true },
    ...{ takes: [], always: { confirm: true } },
  },
  { method: 'GET', path: `${one}/history`, tool: 'memory_history' },
  { method: 'GET', path: `${one}/similar`, tool: 'find_similar_memories' },
  { method: 'GET', path: '/v1/search', tool: 'semantic_search' },
  { method: 'POST', path: '/v1/search', tool: 'semantic_search' },
  { method: 'GET', path: '/v1/digest', tool: 'memory_digest' },
  { method: 'GET', path: '/v1/history', tool: 'memory_history' },
  { method: 'POST', path: '/v1/history/{operation_id}/undo', tool: 'undo_change' },
  { method: 'GET', path: '/v1/reviews', tool: 'memories_to_review', pages: 'memories' },
  { method: 'POST', path: '/v1/reviews', tool: 'review_memories' },
  { method: 'POST', path: '/v1/batch', tool: 'batch_operations' },
];

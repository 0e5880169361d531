import type { Route } from './route.ts';

const session = '/v1/sessions/{session_id}';
const entry = '/v1/caches/{cache}/{key}';
const node = '/v1/nodes/{node}';
const model = '/v1/models/{model}';

/** What programs of the LAN keep beside memories, and what the server tells of itself. */
export const recordRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/sessions', tool: 'list_sessions' },
  { method: 'GET', path: session, tool: 'get_session' },
  { method: 'PUT', path: session, tool: 'save_session' },
  { method: 'DELETE', path: session, tool: 'remove_session' },
  { method: 'GET', path: '/v1/conversations/{conversation_id}', tool: 'read_conversation' },
  { method: 'POST', path: '/v1/conversations/{conversation_id}', tool: 'append_conversation' },

  { method: 'GET', path: '/v1/caches', tool: 'cache_stats' },
  { method: 'DELETE', path: '/v1/caches', tool: 'clear_cache', takes: ['confirm'] },
  { method: 'DELETE', path: '/v1/caches/{cache}', tool: 'clear_cache', always: { confirm: true } },
  { method: 'GET', path: entry, tool: 'cache_get' },
  { method: 'PUT', path: entry, tool: 'cache_put' },
  { method: 'DELETE', path: '/v1/cached-answers/{pattern}', tool: 'invalidate_search_cache' },
  { method: 'DELETE', path: '/v1/cached-files/{file_hash}', tool: 'invalidate_file_cache' },
  { method: 'GET', path: '/v1/tool-results', tool: 'get_tool_result' },
  { method: 'PUT', path: '/v1/tool-results', tool: 'store_tool_result' },
  { method: 'DELETE', path: '/v1/tool-results', tool: 'forget_tool_results' },

  { method: 'GET', path: '/v1/nodes', tool: 'list_nodes' },
  { method: 'GET', path: node, tool: 'get_node' },
  { method: 'PUT', path: node, tool: 'register_node' },
  { method: 'DELETE', path: node, tool: 'retire_node' },
  { method: 'POST', path: `${node}/heartbeat`, tool: 'node_heartbeat' },
  { method: 'PUT', path: `${node}/model`, tool: 'activate_model' },
  { method: 'GET', path: '/v1/route', tool: 'route_request' },
  { method: 'GET', path: '/v1/cluster', tool: 'cluster_health' },
  { method: 'GET', path: '/v1/models', tool: 'list_models' },
  { method: 'GET', path: model, tool: 'get_model' },
  { method: 'PUT', path: model, tool: 'register_model' },
  { method: 'DELETE', path: model, tool: 'remove_model' },
  { method: 'POST', path: `${model}/usage`, tool: 'record_model_usage' },

  { method: 'GET', path: '/v1/embeddings', tool: 'list_embeddings' },
  { method: 'POST', path: '/v1/embeddings', tool: 'store_embedding' },
  { method: 'DELETE', path: '/v1/embeddings/{sha256}', tool: 'remove_embedding' },
  { method: 'POST', path: '/v1/embedding-lookups', tool: 'get_embeddings' },
  { method: 'POST', path: '/v1/nearest-embeddings', tool: 'nearest_embeddings' },
  { method: 'GET', path: '/v1/learning', tool: 'learning_status' },
  { method: 'POST', path: '/v1/learning', tool: 'queue_learning' },
  { method: 'POST', path: '/v1/learning/read', tool: 'read_learning' },
  { method: 'POST', path: '/v1/learning/claim', tool: 'claim_learning' },
  { method: 'POST', path: '/v1/learning/acknowledge', tool: 'acknowledge_learning' },

  {
    method: 'GET',
    path: '/v1/events',
    tool: 'watch_events',
    also: 'With `Accept: text/event-stream` it is a stream of server-sent events, each with its cursor as `id`; who asks to upgrade gets a WebSocket.',
  },
  { method: 'POST', path: '/v1/events', tool: 'publish_event' },
  { method: 'GET', path: '/v1/events/log', tool: 'list_events' },

  { method: 'GET', path: '/v1/statistics/memories', tool: 'memory_stats' },
  { method: 'GET', path: '/v1/statistics/tasks', tool: 'task_stats' },
  { method: 'GET', path: '/v1/statistics/performance', tool: 'get_metrics' },
  { method: 'GET', path: '/v1/statistics/tool-results', tool: 'tool_result_counts' },
  { method: 'GET', path: '/v1/gpu', tool: 'gpu_status' },
  { method: 'GET', path: '/v1/health/components', tool: 'health_check', takes: [] },
  {
    ...{ method: 'GET', path: '/v1/health/components/{name}', tool: 'health_check' },
    ...{ fields: { name: 'only' }, takes: [], first: 'checks' },
  },
];

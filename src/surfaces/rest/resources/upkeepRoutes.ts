import type { Route } from './route.ts';

/** How the memory is kept in order, and who may use it. */
export const upkeepRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/jobs', tool: 'list_jobs' },
  { method: 'POST', path: '/v1/jobs', tool: 'run_job' },
  { method: 'DELETE', path: '/v1/jobs', tool: 'purge_jobs' },
  { method: 'PUT', path: '/v1/jobs/paused', tool: 'pause_jobs' },
  { method: 'POST', path: '/v1/jobs/retry', tool: 'retry_jobs' },
  { method: 'GET', path: '/v1/merges', tool: 'list_merges' },
  { method: 'POST', path: '/v1/merges', tool: 'compact_memories' },
  { method: 'POST', path: '/v1/merges/{merge_id}/undo', tool: 'unmerge_memories' },
  { method: 'POST', path: '/v1/promotions', tool: 'promote_memories' },
  { method: 'POST', path: '/v1/learning/process', tool: 'process_learning' },
  { method: 'GET', path: '/v1/tokens', tool: 'list_tokens' },
  { method: 'POST', path: '/v1/tokens', tool: 'create_token' },
  { method: 'DELETE', path: '/v1/tokens/{name}', tool: 'revoke_token' },
  { method: 'POST', path: '/v1/tokens/{name}/rotate', tool: 'rotate_token' },
];

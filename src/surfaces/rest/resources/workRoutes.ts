import type { Route } from './route.ts';

const task = '/v1/tasks/{task_id}';
/** How whoever holds a task says so. */
const HELD = ['fence', 'lease_id', 'agent_id', 'namespace'];

/** Tasks, agents, and what they share. */
export const workRoutes: readonly Route[] = [
  {
    ...{ method: 'GET', path: '/v1/tasks', tool: 'list_tasks', pages: 'tasks' },
    takes: ['states', 'agent_id', 'limit', 'offset', 'namespace'],
  },
  { method: 'POST', path: '/v1/tasks', tool: 'distribute_task', creates: '/v1/tasks/{id}' },
  { method: 'DELETE', path: '/v1/tasks', tool: 'purge_tasks' },
  { method: 'GET', path: task, tool: 'list_tasks', first: 'tasks', takes: ['namespace'] },
  { method: 'PATCH', path: task, tool: 'update_task' },
  { method: 'GET', path: `${task}/history`, tool: 'task_history' },
  {
    ...{ method: 'POST', path: `${task}/claim`, tool: 'get_pending_tasks', always: { claim: true } },
    ...{ fields: { task_id: 'task_ids' }, takes: ['agent_id', 'wait_seconds', 'lease_seconds', 'namespace'] },
  },
  { method: 'POST', path: `${task}/complete`, tool: 'complete_task' },
  { method: 'POST', path: `${task}/fail`, tool: 'fail_task' },
  step('progress', ['progress', 'note', 'lease_seconds', ...HELD]),
  step('ask', ['question', ...HELD]),
  step('answer', ['answer', 'namespace']),
  step('cancel', ['reason', 'namespace'], { cancel: true }),
  step('requeue', ['namespace'], { requeue: true }),
  step('retry', ['namespace'], { retry: true }),
  step('release', ['note', 'release_to', ...HELD], { release: true }),
  step('assign', ['assign_to', 'namespace']),
  {
    ...{ method: 'GET', path: '/v1/pending-tasks', tool: 'get_pending_tasks' },
    takes: ['agent_id', 'limit', 'task_ids', 'namespace'],
  },
  {
    ...{ method: 'POST', path: '/v1/pending-tasks/claim', tool: 'get_pending_tasks' },
    always: { claim: true },
  },
  { method: 'GET', path: '/v1/agents', tool: 'list_agents' },
  { method: 'POST', path: '/v1/agents', tool: 'register_agent' },
  { method: 'PUT', path: '/v1/agents/{agent_id}', tool: 'register_agent' },
  { method: 'DELETE', path: '/v1/agents/{agent_id}', tool: 'unregister_agent' },
  { method: 'POST', path: '/v1/agents/{agent_id}/heartbeat', tool: 'update_agent_heartbeat' },
  { method: 'POST', path: '/v1/handoffs', tool: 'handoff' },
  { method: 'GET', path: '/v1/files', tool: 'claim_files', takes: ['namespace'] },
  {
    ...{ method: 'POST', path: '/v1/files', tool: 'claim_files' },
    takes: ['globs', 'note', 'ttl_seconds', 'agent_id', 'namespace'],
  },
  {
    ...{ method: 'PATCH', path: '/v1/files/{claim_id}', tool: 'claim_files' },
    takes: ['fence', 'ttl_seconds', 'agent_id', 'namespace'],
  },
  {
    ...{ method: 'DELETE', path: '/v1/files/{claim_id}', tool: 'claim_files', always: { release: true } },
    takes: ['fence', 'agent_id', 'namespace'],
  },
  {
    ...{ method: 'GET', path: '/v1/contexts', tool: 'get_shared_context' },
    takes: ['agent_id', 'with_agent', 'topic', 'unread', 'limit', 'sent', 'namespace'],
  },
  { method: 'POST', path: '/v1/contexts', tool: 'share_context_with_agent' },
  {
    ...{ method: 'POST', path: '/v1/acknowledgements', tool: 'get_shared_context' },
    takes: ['acknowledge', 'agent_id', 'namespace'],
  },
  { method: 'DELETE', path: '/v1/contexts/{context_id}', tool: 'revoke_shared_context' },
];

/** One change of a task. */
function step(name: string, takes: readonly string[], always?: Route['always']): Route {
  return {
    ...{ method: 'POST', path: `${task}/${name}`, tool: 'update_task', takes },
    ...(always && { always }),
  };
}

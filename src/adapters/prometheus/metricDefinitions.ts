/** What a metric is; docs/monitoring.md lists them from here. */
export interface MetricDefinition {
  /** As Prometheus reads it: with its unit, and `_total` for what only grows. */
  readonly name: `memory_central_${string}`;
  /** `reading`: what the store counts is read, not added up here; Prometheus sees a counter. */
  readonly kind: 'histogram' | 'counter' | 'reading' | 'gauge';
  readonly help: string;
  /** Each has a bounded set of values: never a namespace, an agent, a path or a text. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, seconds. */
  readonly buckets?: readonly number[];
}

/** Alerts ask for 0.2 and 0.5, which are bounds therefore. */
const CALLS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10];
const STORE = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 2.5];
const JOBS = [0.01, 0.1, 1, 10, 60, 300, 1800];

/** Every metric of ours, once. */
export const METRICS = {
  toolSeconds: histogram('tool_duration_seconds', 'Time of a tool call.', ['tool', 'surface'], CALLS),
  toolCalls: counter(
    'tool_calls_total',
    'Tool calls by how they ended: `ok`, the code of a refusal, or `internal` for a bug.',
    ['tool', 'surface', 'outcome'],
  ),
  httpSeconds: histogram(
    'http_request_duration_seconds',
    'Time until the answer to an HTTP request began; the streams of events go on after it.',
    ['surface', 'method', 'route'],
    CALLS,
  ),
  httpRequests: counter('http_requests_total', 'HTTP requests.', ['surface', 'method', 'route', 'status']),
  httpInFlight: gauge('http_requests_in_flight', 'HTTP requests whose answer has not begun.', ['surface']),
  mcpSessions: gauge('mcp_sessions', 'Open sessions of MCP clients.'),
  storeSeconds: histogram(
    'store_duration_seconds',
    'Time of one call of the store, by its part and method.',
    ['driver', 'operation'],
    STORE,
  ),
  storeFailures: counter(
    'store_failures_total',
    'Calls of the store that failed because it was out of reach, or by a bug.',
    ['driver', 'operation'],
  ),
  searchSeconds: histogram(
    'search_duration_seconds',
    'Time of a recall as a whole, with the embedding of its question.',
    [],
    CALLS,
  ),
  embeddingSeconds: histogram(
    'embedding_duration_seconds',
    'Time in which the model embedded one text (`one`) or several at once (`batch`); what caches knew is not in it.',
    ['kind'],
    CALLS,
  ),
  embeddedTexts: counter('embedded_texts_total', 'Texts that the model has embedded.'),
  embeddingFailures: counter('embedding_failures_total', 'Calls of the model that failed.'),
  embeddingUp: gauge('embedding_up', '1: recall is hybrid; 0: by words only, since the model failed.'),
  pendingEmbeddings: gauge('pending_embeddings', 'Memories that wait for their vector.'),
  refusedEmbeddings: gauge('refused_embeddings', 'Memories whose text the model refused.'),
  storeBytes: gauge('store_size_bytes', 'Size of the store on this machine.', ['driver']),
  centralWaiting: gauge('central_waiting_changes', 'Changes that are not in the central Redis yet.'),
  memoriesByType: gauge('memories', 'Memories that everybody may see, by type.', ['type']),
  memoriesByPriority: gauge('memories_by_priority', 'Memories that everybody may see, by priority.', [
    'priority',
  ]),
  indexVectors: gauge('index_vectors', 'Vectors in the search index of this process.'),
  indexBytes: gauge('index_size_bytes', 'Memory that the search index on the server takes there.'),
  indexBehind: gauge(
    'index_behind_operations',
    'Changes that the search index on the server lacks; this machine searches them meanwhile.',
  ),
  indexMismatches: gauge(
    'index_mismatches',
    'Kinds of disagreement between index and store that the last comparison found, and repaired.',
  ),
  indexVerified: gauge('index_verified_timestamp_seconds', 'When index and store were compared last.'),
  tasks: gauge('tasks', 'Tasks by state; `dead` are the dead letters.', ['state']),
  leases: gauge('task_leases', 'Leases that agents hold on tasks.'),
  leasesLost: reading('task_leases_lost_total', 'Leases that ended because their holder fell silent.'),
  tasksEnded: reading('tasks_ended_total', 'Tasks that were completed, or are dead.', ['outcome']),
  tasksRetried: reading('task_retries_total', 'Times that a task was tried again.'),
  agents: gauge(
    'agents',
    'Registered agents: `online`, `stale` (no heartbeat for 30 s), `offline` (for 90 s).',
    ['presence'],
  ),
  jobs: gauge('jobs', 'Jobs of the worker by state; `dead` are the dead letters.', ['state']),
  jobsPaused: gauge('jobs_paused', '1: no worker takes a job.'),
  jobsDone: counter('jobs_done_total', 'Attempts at jobs by this worker, by how they ended.', [
    'name',
    'outcome',
  ]),
  jobSeconds: histogram(
    'job_duration_seconds',
    'Time of an attempt at a job by this worker.',
    ['name'],
    JOBS,
  ),
  cacheLookups: reading('cache_lookups_total', 'Look-ups in a cache of this process.', ['cache', 'outcome']),
  cacheEntries: gauge('cache_entries', 'Entries in a cache of this process.', ['cache']),
  cacheBytes: gauge('cache_size_bytes', 'Size of a cache of this process.', ['cache']),
  redisUp: gauge('redis_up', '1: this process reaches the central Redis.'),
  redisPing: gauge('redis_ping_seconds', 'Time of one question to the central Redis.'),
  redisUsed: gauge('redis_memory_used_bytes', 'Memory that the central Redis uses.'),
  redisMax: gauge('redis_memory_max_bytes', 'Memory that the central Redis may use; 0: no limit.'),
  redisClients: gauge('redis_connected_clients', 'Connections to the central Redis.'),
  gpuBusy: gauge('gpu_busy_ratio', 'Share of the time that a GPU was busy.', ['gpu']),
  gpuUsed: gauge('gpu_memory_used_bytes', 'Memory of a GPU that is in use.', ['gpu']),
  gpuTotal: gauge('gpu_memory_total_bytes', 'Memory of a GPU.', ['gpu']),
  backupTime: gauge(
    'backup_last_success_timestamp_seconds',
    'When the last backup that was read and counted was taken; 0: there was none yet.',
  ),
  backupBytes: gauge('backup_size_bytes', 'Size of the last backup.'),
  sampleFailures: counter(
    'sample_failures_total',
    'Times that a gauge could not be read; it is absent until it can be.',
    ['sample'],
  ),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;

function histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]) {
  return { name: `memory_central_${name}`, kind: 'histogram', help, labels, buckets } as const;
}

function counter(name: string, help: string, labels: readonly string[] = []) {
  return { name: `memory_central_${name}`, kind: 'counter', help, labels } as const;
}

function reading(name: string, help: string, labels: readonly string[] = []) {
  return { name: `memory_central_${name}`, kind: 'reading', help, labels } as const;
}

function gauge(name: string, help: string, labels: readonly string[] = []) {
  return { name: `memory_central_${name}`, kind: 'gauge', help, labels } as const;
}

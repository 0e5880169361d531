import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import type { Latency } from '../../engine/health/latencies.ts';
import { TASK_STATES } from '../../engine/model/task.ts';
import { JOB_STATES, type JobQueue } from '../../engine/ports/jobQueue.ts';
import { defineTool } from '../defineTool.ts';

const latency = z.object({ count: z.number(), p50_ms: z.number(), p95_ms: z.number() });
const cache = z.object({ entries: z.number(), bytes: z.number(), hits: z.number(), misses: z.number() });

export const getMetrics = defineTool({
  name: 'get_metrics',
  title: 'Performance metrics',
  description:
    'How fast this process searches and embeds, what its caches spare, and what waits in the store: vectors, tasks, jobs, agents. ' +
    'memory_stats counts memories; Prometheus reads more at /metrics.',
  effect: 'reads',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({
    search: latency.describe('The last 256 questions, as a whole'),
    embedding: latency.describe('The vectors of these'),
    caches: z.record(z.string(), cache).describe('Of this process'),
    index: z.object({
      place: z.enum(['process', 'server']),
      vectors: z.number(),
      pending: z.number().describe('Memories that wait for a vector'),
      refused: z.number(),
      behind: z.number().optional().describe('Changes that the index on the server lacks'),
    }),
    store: z.object({
      driver: z.string(),
      bytes: z.number(),
      waiting: z.number().optional().describe('Changes that are not in the central Redis yet'),
    }),
    tasks: z.object({
      by_state: z.record(z.enum(TASK_STATES), z.number()),
      completed: z.number().describe('Since the store was made, as the next three'),
      died: z.number(),
      retried: z.number(),
      lost: z.number(),
    }),
    agents: z.object({ online: z.number(), stale: z.number(), offline: z.number() }),
    jobs: z.record(z.enum(JOB_STATES), z.number()).optional().describe('Absent where a program keeps none'),
  }),
  async handle(_, { engine }) {
    const [status, { byState, ...ended }, agents, jobs] = await Promise.all([
      engine.status(),
      engine.tasks.counts(undefined),
      engine.agents.list(undefined),
      countJobs(engine.jobs),
    ]);
    const { embedding, search, store } = status;
    const present = (as: string) => agents.filter(({ presence }) => presence === as).length;
    return {
      search: viewLatency(status.latency.search),
      embedding: viewLatency(status.latency.embedding),
      caches: Object.fromEntries(engine.caches.inProcess),
      index: {
        place: search.place,
        vectors: embedding.indexed,
        pending: embedding.pending,
        refused: embedding.refused,
        ...(search.server && { behind: search.server.behind }),
      },
      store: {
        ...{ driver: store.driver, bytes: store.bytes },
        ...(store.central && { waiting: store.central.waiting }),
      },
      tasks: { by_state: { ...byState }, ...ended },
      agents: { online: present('online'), stale: present('stale'), offline: present('offline') },
      ...(jobs && { jobs: { ...jobs } }),
    };
  },
  summarize({ agents, caches, embedding, index, jobs, search, store, tasks }) {
    const timed = (what: string, { count, p50_ms, p95_ms }: z.infer<typeof latency>) =>
      `${what}: ${count === 0 ? 'none yet' : `${count}, p50 ${p50_ms} ms, p95 ${p95_ms} ms`}`;
    const states = (of: Readonly<Record<string, number>>) =>
      Object.entries(of)
        .flatMap(([state, count]) => (count > 0 ? [`${state} ${count}`] : []))
        .join(', ') || 'none';
    const behind = index.behind === undefined ? '' : `, ${index.behind} changes behind`;
    return [
      timed('searches', search),
      timed('vectors of questions', embedding),
      ...Object.entries(caches).map(
        ([name, { bytes, entries, hits, misses }]) =>
          `cache ${name}: ${hits} hits, ${misses} misses, ${entries} entries, ${bytes} bytes`,
      ),
      `index: in the ${index.place}, ${index.vectors} vectors, ${index.pending} wait${behind}`,
      `store: ${store.driver}, ${store.bytes} bytes${store.waiting ? `, ${store.waiting} changes wait` : ''}`,
      `tasks: ${states(tasks.by_state)}; completed ${tasks.completed}, died ${tasks.died}, retried ${tasks.retried}, leases lost ${tasks.lost}`,
      `agents: ${states(agents)}`,
      ...(jobs ? [`jobs: ${states(jobs)}`] : []),
    ].join('\n');
  },
});

function viewLatency({ count, p50Ms, p95Ms }: Latency): z.input<typeof latency> {
  const rounded = (ms: number) => Math.round(ms * 100) / 100;
  return { count, p50_ms: rounded(p50Ms), p95_ms: rounded(p95Ms) };
}

async function countJobs(queue: JobQueue) {
  try {
    return (await queue.counts()).byState;
  } catch (error) {
    // An editor or a client over stdio has no queue.
    if (MemoryError.is(error, 'unavailable')) return undefined;
    throw error;
  }
}

import type { Reading } from '../../adapters/prometheus/prometheusMetrics.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Presence } from '../../engine/model/agent.ts';
import type { Store } from '../../engine/ports/store.ts';
import type { Sample } from './sampler.ts';

const MINUTE_MS = 60_000;
const PRESENCES: readonly Presence[] = ['online', 'stale', 'offline'];
/** Nobody's memories are its own, so it sees what everybody may see. */
const ANYBODY = { principal: 'metrics', client: 'metrics' };

export interface SampledParts {
  readonly engine: () => Promise<Engine>;
  readonly store: () => Promise<Store>;
}

/** What an engine and its store tell of themselves. */
export function engineSamples({ engine, store }: SampledParts): readonly Sample[] {
  return [
    {
      name: 'engine',
      metrics: [
        ...([
          'embeddingUp',
          'pendingEmbeddings',
          'refusedEmbeddings',
          'storeBytes',
          'centralWaiting',
        ] as const),
        ...(['indexVectors', 'indexBytes', 'indexBehind'] as const),
      ],
      async read() {
        const { embedding, mode, search, store: report } = await (await engine()).status();
        return {
          ...(embedding.model !== null && { embeddingUp: one(mode === 'hybrid' ? 1 : 0) }),
          pendingEmbeddings: one(embedding.pending),
          refusedEmbeddings: one(embedding.refused),
          indexVectors: one(embedding.indexed),
          storeBytes: [{ labels: [report.driver], value: report.bytes }],
          ...(report.central && { centralWaiting: one(report.central.waiting) }),
          ...(search.server && {
            indexBytes: one(search.server.bytes),
            indexBehind: one(search.server.behind),
          }),
        };
      },
    },
    {
      name: 'memories',
      metrics: ['memoriesByType', 'memoriesByPriority'],
      // They are counted in one pass over all of them.
      everyMs: MINUTE_MS,
      async read() {
        const { byPriority, byType } = await (await store()).memories.counts({}, ANYBODY);
        return { memoriesByType: byLabel(byType), memoriesByPriority: byLabel(byPriority) };
      },
    },
    {
      name: 'tasks',
      metrics: ['tasks', 'leases', 'leasesLost', 'tasksEnded', 'tasksRetried'],
      async read() {
        const { byState, completed, died, lost, retried } = await (await store()).work.tasks.counts(
          undefined,
        );
        return {
          tasks: byLabel(byState),
          leases: one(byState.leased + byState.input_required),
          leasesLost: one(lost),
          tasksRetried: one(retried),
          tasksEnded: byLabel({ completed, dead: died }),
        };
      },
    },
    {
      name: 'agents',
      metrics: ['agents'],
      async read() {
        const agents = await (await store()).work.agents.list(undefined);
        const counted = (presence: Presence) => agents.filter(agent => agent.presence === presence).length;
        return { agents: PRESENCES.map(presence => ({ labels: [presence], value: counted(presence) })) };
      },
    },
    {
      name: 'jobs',
      metrics: ['jobs', 'jobsPaused'],
      async read() {
        const { byState, paused } = await (await engine()).jobs.counts();
        return { jobs: byLabel(byState), jobsPaused: one(paused ? 1 : 0) };
      },
    },
    {
      name: 'caches',
      metrics: ['cacheLookups', 'cacheEntries', 'cacheBytes'],
      async read() {
        const caches = [...(await engine()).caches.inProcess];
        return {
          cacheLookups: caches.flatMap(([name, { hits, misses }]) => [
            { labels: [name, 'hit'], value: hits },
            { labels: [name, 'miss'], value: misses },
          ]),
          cacheEntries: caches.map(([name, { entries }]) => ({ labels: [name], value: entries })),
          cacheBytes: caches.map(([name, { bytes }]) => ({ labels: [name], value: bytes })),
        };
      },
    },
    {
      name: 'gpus',
      metrics: ['gpuBusy', 'gpuUsed', 'gpuTotal'],
      async read() {
        const { gpus } = await (await engine()).devices.look();
        const each = (of: (gpu: (typeof gpus)[number]) => number | undefined): readonly Reading[] =>
          gpus.flatMap((gpu, i) => {
            const value = of(gpu);
            return value === undefined ? [] : [{ labels: [`${i} ${gpu.name}`], value }];
          });
        return {
          gpuBusy: each(gpu => gpu.busyPercent && gpu.busyPercent / 100),
          gpuUsed: each(gpu => gpu.memoryUsedBytes),
          gpuTotal: each(gpu => gpu.memoryTotalBytes),
        };
      },
    },
  ];
}

export function one(value: number): readonly Reading[] {
  return [{ value }];
}

export function byLabel(values: Readonly<Record<string, number>>): readonly Reading[] {
  return Object.entries(values).map(([label, value]) => ({ labels: [label], value }));
}

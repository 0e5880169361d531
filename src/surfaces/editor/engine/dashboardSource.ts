import { statusOf } from '../../../engine/agents/statusOf.ts';
import type { Engine } from '../../../engine/engine.ts';
import { MemoryError } from '../../../engine/errors.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { ALL_NAMESPACES, readNamespaces } from '../../../engine/model/namespace.ts';
import type { DashboardSample, Part } from '../webviews/messages/dashboardProtocol.ts';
import { Paced } from './paced.ts';

const DAYS = { stored: 14, expiring: 1 };
const HOURS = 24;

type Parts = Pick<DashboardSample, 'status' | 'sharedCaches' | 'memories' | 'tasks' | 'agents'>;
type PacedParts = { readonly [K in keyof Parts]: Paced<Parts[K]> };

export interface DashboardQuestion {
  readonly caller: Caller;
  /** Of all namespaces, not of the caller's and what holds everywhere alone. */
  readonly everywhere: boolean;
}

/**
 * What a dashboard shows, however often it asks: what costs is asked for as often as it is cheap. A part that cannot be told, such as tasks
 * while the central Redis is out of reach, says why and keeps no other from its answer.
 */
export class DashboardSource {
  readonly #engine: Engine;
  #of: string | undefined;
  #parts: PacedParts | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** At most about as long as the slowest tool of a GPU, 2 s, or the store's deadline. */
  async sample({ caller, everywhere }: DashboardQuestion): Promise<DashboardSample> {
    const { caches, devices } = this.#engine;
    const parts = this.#partsOf(caller, everywhere);
    const [{ gpus, problems, cpu }, ...told] = await Promise.all([
      devices.look(),
      parts.status.get(),
      parts.sharedCaches.get(),
      parts.memories.get(),
      parts.tasks.get(),
      parts.agents.get(),
    ]);
    const [status, sharedCaches, memories, tasks, agents] = told;
    return {
      at: Date.now(),
      namespace: caller.namespace,
      devices: { gpus, problems, cpu },
      caches: [...caches.inProcess].map(([name, { entries, hits, misses, bytes }]) => ({
        ...{ name, entries, hits, misses, bytes },
      })),
      ...{ status, sharedCaches, memories, tasks, agents },
    };
  }

  /** Of one question at a time: a window has one dashboard. */
  #partsOf(caller: Caller, everywhere: boolean): PacedParts {
    const of = JSON.stringify([caller.principal.id, caller.namespace, everywhere]);
    if (this.#parts === undefined || of !== this.#of) {
      this.#of = of;
      this.#parts = pacedParts(this.#engine, caller, everywhere);
    }
    return this.#parts;
  }
}

function pacedParts(engine: Engine, caller: Caller, everywhere: boolean): PacedParts {
  const { agents, caches, tasks } = engine;
  const namespaces = readNamespaces(everywhere ? ALL_NAMESPACES : undefined, caller);
  const filter = { ...(namespaces && { namespaces }) };
  return {
    status: paced(async () => {
      const { embedding, latency, search, store } = await engine.status();
      const { model, state, ...counts } = embedding;
      return {
        embedding: {
          ...{ ...counts, model, device: state.device ?? null },
          status: model === null ? 'off' : state.status,
          ...(model !== null && state.problem !== undefined && { problem: state.problem }),
        },
        ...{ latency, search, store },
      };
    }),
    sharedCaches: paced(async () => {
      const { tallies } = await caches.statistics();
      return [...tallies].map(([name, tally]) => ({ name, ...tally }));
    }),
    memories: paced(async () => {
      const [counts, trend] = await Promise.all([
        engine.counts(filter, caller),
        engine.trend(filter, DAYS, caller),
      ]);
      const { total, pinned, expired, contentBytes } = counts;
      return { total, pinned, expired, contentBytes, storedByDay: trend.storedByDay };
    }),
    tasks: paced(async () => {
      const [counts, trend] = await Promise.all([tasks.counts(namespaces), tasks.trend(namespaces, HOURS)]);
      return { ...counts, trend };
    }),
    agents: paced(async () => {
      const all = await agents.list(namespaces);
      const loads = await tasks.loadsOf(all);
      return all.map((agent, i) => {
        const { id, namespace, name, machine, presence } = agent;
        const { held, offered } = loads[i]!;
        const status = statusOf(agent, held);
        // Other programs write it, too.
        const load = Math.min(1, Math.max(0, agent.load));
        return { ...{ id, namespace, name, machine, status, presence, load }, tasks: held + offered };
      });
    }),
  };
}

function paced<T>(ask: () => Promise<T>): Paced<Part<T>> {
  return new Paced(async () => {
    try {
      return { value: await ask() };
    } catch (error) {
      const fix = MemoryError.is(error) ? error.fix : 'This is a bug: please report it.';
      return { problem: { message: error instanceof Error ? error.message : String(error), fix } };
    }
  });
}

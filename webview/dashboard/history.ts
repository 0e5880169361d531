import type { DashboardSample } from '../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { dictionary, list, number, object } from '../../src/surfaces/editor/webviews/messages/shape.ts';

/** So far back charts look. */
export const WINDOW_MS = 600_000;
/** Whatever the pace of samples was. */
const MOST_POINTS = 600;

/** What of a sample charts follow, by the name of its series. */
export interface Point {
  /** ms since the epoch */
  readonly at: number;
  readonly values: Readonly<Record<string, number>>;
}

const POINTS = list(object({ at: number({ min: 0 }), values: dictionary(number()) }), MOST_POINTS);

/** The samples of the last ten minutes, oldest first. */
export class History {
  #points: readonly Point[] = [];

  get points(): readonly Point[] {
    return this.#points;
  }

  /** @param kept by an earlier life of the page, whatever its version was */
  restore(kept: unknown, now: number): void {
    try {
      this.#points = POINTS.parse(kept).filter(({ at }) => at > now - WINDOW_MS && at <= now);
    } catch {
      this.#points = [];
    }
  }

  add(point: Point): void {
    // Of a clock that went back what was ahead of it goes.
    const before = this.#points.filter(({ at }) => at > point.at - WINDOW_MS && at < point.at);
    this.#points = [...before, point].slice(-MOST_POINTS);
  }

  clear(): void {
    this.#points = [];
  }

  /** How much a count rose while it was watched; a store that was exchanged begins anew. */
  rise(name: string): number {
    const values = this.#points.flatMap(({ values }) => values[name] ?? []);
    return values.reduce((sum, value, i) => sum + Math.max(0, value - (values[i - 1] ?? value)), 0);
  }

  /** How long it was watched, ms. */
  get spanMs(): number {
    return (this.#points.at(-1)?.at ?? 0) - (this.#points[0]?.at ?? 0);
  }
}

export function pointOf({ agents, at, caches, devices, memories, status, tasks }: DashboardSample): Point {
  const values: Record<string, number | undefined> = { cpu: devices.cpu.busyPercent };
  for (const [i, gpu] of devices.gpus.entries()) {
    const { memoryTotalBytes: total, memoryUsedBytes: used } = gpu;
    values[`gpu${i}.busy`] = gpu.busyPercent;
    values[`gpu${i}.memory`] = used !== undefined && total ? (100 * used) / total : undefined;
  }
  for (const [name, { count, p50Ms, p95Ms }] of Object.entries(status.value?.latency ?? {})) {
    values[`${name}.p50`] = count > 0 ? p50Ms : undefined;
    values[`${name}.p95`] = count > 0 ? p95Ms : undefined;
  }
  for (const { name, hits, misses } of caches)
    values[`hits.${name}`] = hits + misses > 0 ? (100 * hits) / (hits + misses) : undefined;
  values['memories'] = memories.value?.total;
  values['waiting'] = status.value?.store.central?.waiting;
  values['completed'] = tasks.value?.completed;
  values['failed'] = tasks.value && tasks.value.retried + tasks.value.died;
  const here = agents.value?.filter(({ presence }) => presence === 'online') ?? [];
  values['busy'] =
    here.length > 0 ? (100 * here.filter(({ tasks }) => tasks > 0).length) / here.length : undefined;
  const known = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return { at, values: Object.fromEntries(known) };
}

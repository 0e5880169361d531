import type { Protocol } from './protocol.ts';
import {
  boolean,
  dictionary,
  list,
  nothing,
  nullable,
  number,
  object,
  oneOf,
  type Shape,
  type Shaped,
  text,
} from './shape.ts';

const count = number({ min: 0 });

/** What could not be told is told why. */
function part<T>(value: Shape<T>) {
  return object({}, { value, problem: object({ message: text(), fix: text() }) });
}

const gpu = object(
  { name: text() },
  {
    ...{ driver: text(), interface: text(), busyPercent: count, temperatureC: number() },
    ...{ memoryUsedBytes: count, memoryTotalBytes: count, powerW: count, powerLimitW: count },
  },
);

const latency = object({ count, p50Ms: count, p95Ms: count });
const tally = { name: text(), entries: count, hits: count, misses: count };
const hours = list(count, 168);

const status = object({
  embedding: object(
    {
      model: nullable(text()),
      device: nullable(text()),
      status: oneOf(['idle', 'ready', 'failed', 'off']),
      ...{ pending: count, refused: count, indexed: count },
    },
    { problem: text() },
  ),
  store: object(
    { driver: text(), location: text(), bytes: count },
    {
      central: object({ location: text(), waiting: count }, { problem: text(), fix: text() }),
      locked: text(),
    },
  ),
  /** Of this window's engine: its last 256 questions. */
  latency: object({ search: latency, embedding: latency }),
  search: object(
    { place: oneOf(['process', 'server']), reason: text() },
    {
      problem: text(),
      server: object({ documents: count, behind: count, bytes: count, ready: boolean() }),
    },
  ),
});

const agent = object({
  ...{ id: text(), namespace: text(), name: text(), machine: text(), status: text() },
  presence: oneOf(['online', 'stale', 'offline']),
  /** 0 to 1, as it says. */
  load: number({ min: 0, max: 1 }),
  /** Held or offered. */
  tasks: count,
});

/** How everything is at one moment. Times are ms since the epoch, sizes bytes. */
export const sampleShape = object({
  at: count,
  namespace: text(),
  devices: object({
    gpus: list(gpu),
    problems: list(text()),
    cpu: object({ model: text(), cores: count, busyPercent: count }),
  }),
  /** What this window's engine keeps for itself. */
  caches: list(object({ ...tally, bytes: count })),
  status: part(status),
  sharedCaches: part(list(object(tally))),
  memories: part(
    object({
      ...{ total: count, pinned: count, expired: count, contentBytes: count },
      /** The last 14 days (UTC), today last. */
      storedByDay: list(count, 366),
    }),
  ),
  tasks: part(
    object({
      byState: dictionary(count),
      /** Since the store was made. */
      ...{ completed: count, died: count, retried: count, lost: count },
      /** The last 24 hours, the one that ends now last. */
      trend: object({ completed: hours, dead: hours, cancelled: hours }),
    }),
  ),
  agents: part(list(agent)),
});

export type DashboardSample = Shaped<typeof sampleShape>;
export type Part<T> = {
  readonly value?: T;
  readonly problem?: { readonly message: string; readonly fix: string };
};

/** Where a figure of the dashboard leads. */
export const PLACES = ['agents', 'tasks', 'memories', 'health'] as const;
export type DashboardPlace = (typeof PLACES)[number];

export const dashboardProtocol = {
  requests: {
    /** `everywhere`: of all namespaces, not of the window's and what holds everywhere alone. */
    sample: { input: object({ everywhere: boolean() }), answer: sampleShape },
    open: { input: object({ place: oneOf(PLACES) }), answer: nothing() },
  },
  events: {},
} satisfies Protocol;

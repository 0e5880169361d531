import type { Cluster, Redis } from 'ioredis';

/** How a queue reaches Redis; it is the queue's, which disposes of it. */
export interface RedisAccess extends AsyncDisposable {
  /** Where it is, without secrets. */
  readonly address: string;
  /** Name of a key as it is in Redis. */
  key(name: string): string;
  /** Rejects with `unavailable`, and why, when Redis does not answer within the deadline. */
  ask<T>(work: (client: Redis | Cluster) => Promise<T>): Promise<T>;
  /** A client whose commands wait until there is a connection; whoever asked for it disconnects it. */
  newPatientClient(): Redis | Cluster;
}

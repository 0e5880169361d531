import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../test/fixtures/vectors.ts';

/** One request that was to be made at its time, whatever had become of those before it. */
export interface Request<K extends string> {
  readonly kind: K;
  /** ms since the start. */
  readonly at: number;
  /** 0 <= client < clients. */
  readonly client: number;
}

export interface LoadOptions<K extends string> {
  /** 1/s, of all clients together. */
  readonly rate: number;
  readonly seconds: number;
  readonly clients: number;
  /** The share of each kind; together 1. */
  readonly mix: Readonly<Record<K, number>>;
  readonly seed?: number;
}

/** Requests at random times, decided beforehand: as many people make them who know nothing of each other. */
export function planLoad<K extends string>({
  rate,
  seconds,
  clients,
  mix,
  seed = 1,
}: LoadOptions<K>): Request<K>[] {
  const random = seeded(seed);
  const due = (Object.entries(mix) as [K, number][]).map(([kind, share]) => ({ kind, share, debt: 0 }));
  /** Whichever is furthest behind its share. */
  const next = (): K => {
    for (const one of due) one.debt += one.share;
    const [first] = due.toSorted((a, b) => b.debt - a.debt);
    first!.debt -= 1;
    return first!.kind;
  };
  const plan: Request<K>[] = [];
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random()) / rate) * 1e3;
    if (at >= seconds * 1e3) return plan;
    plan.push({ kind: next(), at, client: Math.floor(random() * clients) });
  }
}

/**
 * Makes each request at its time, without waiting for others.
 * @returns for each kind the ms from the planned time to the answer, so that what queues counts for all who wait; rejects when a request does
 */
export async function runLoad<K extends string>(
  plan: readonly Request<K>[],
  work: (request: Request<K>, index: number) => Promise<unknown>,
): Promise<ReadonlyMap<K, readonly number[]>> {
  const times = new Map<K, number[]>();
  const began = performance.now();
  const running: Promise<void>[] = [];
  for (const [index, request] of plan.entries()) {
    const early = began + request.at - performance.now();
    if (early > 0) await sleep(early);
    running.push(
      work(request, index).then(() => {
        const took = performance.now() - began - request.at;
        times.set(request.kind, [...(times.get(request.kind) ?? []), took]);
      }),
    );
  }
  await Promise.all(running);
  return times;
}

import type { Job } from './job.ts';
import { noPayload } from './noPayload.ts';

/** Housekeeping does it when memories change; where nothing changes, time goes on all the same. */
export const expire: Job<undefined, { readonly expired: number }> = {
  name: 'expire',
  description: 'Removes memories whose time is over.',
  everyMs: 3_600_000,
  read: noPayload,
  async run(_, { engine, signal }) {
    return { expired: await engine.expire(signal) };
  },
};

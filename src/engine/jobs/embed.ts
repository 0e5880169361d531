import type { Job } from './job.ts';
import { noPayload } from './noPayload.ts';

const MINUTE_MS = 60_000;
const TELL_MS = 1_000;

/**
 * Housekeeping computes vectors, in whichever engine of this machine holds its lease: this job wakes it and sees that it ends, so that no
 * text is embedded twice. After a change of model all memories wait for their vectors of the new one, which is the same work.
 */
export const embed: Job<undefined, { readonly embedded: number; readonly refused: number }> = {
  name: 'embed',
  description: 'Gives each memory its vector of the configured model, also after a change of model.',
  everyMs: 10 * MINUTE_MS,
  read: noPayload,
  async run(_, { engine, signal, progress }) {
    const waiting = async () => (await engine.status()).embedding;
    const total = (await waiting()).pending;
    const tell = async () => progress({ done: Math.max(0, total - (await waiting()).pending), total });
    const telling = setInterval(() => void tell().catch(() => {}), TELL_MS);
    try {
      await engine.settled(signal);
    } finally {
      clearInterval(telling as NodeJS.Timeout);
    }
    progress({ done: total, total });
    return { embedded: total, refused: (await waiting()).refused };
  },
};

import type { JobAttempt, JobData } from '../ports/jobQueue.ts';

/** A job that was told to stop has so long to do so; then nobody waits for it any more. */
const PATIENCE_MS = 1_000;

/** Does an attempt; once its signal has fired it ends soon, whatever the job does. Rejects with the signal's reason then. */
export async function runAttempt(
  run: (attempt: JobAttempt) => Promise<JobData | undefined>,
  attempt: JobAttempt,
): Promise<JobData | undefined> {
  const { signal } = attempt;
  let timer: NodeJS.Timeout | number | undefined;
  let listen = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    listen = () => {
      timer = setTimeout(() => reject(signal.reason), PATIENCE_MS);
    };
    if (signal.aborted) listen();
    else signal.addEventListener('abort', listen, { once: true });
  });
  try {
    return await Promise.race([run(attempt), abandoned]);
  } finally {
    clearTimeout(timer as NodeJS.Timeout);
    signal.removeEventListener('abort', listen);
  }
}

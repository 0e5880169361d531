import { MemoryError } from '../errors.ts';
import { backup } from './backup.ts';
import { compact } from './compact.ts';
import { embed } from './embed.ts';
import { expire } from './expire.ts';
import type { Job } from './job.ts';
import { learn } from './learn.ts';
import { promote } from './promote.ts';

/** Every job. A new one is one file and one line here. */
export const jobs: readonly Job[] = [
  embed,
  expire,
  compact,
  promote,
  learn,
  backup,
] as unknown as readonly Job[];

export function isJob(name: string): boolean {
  return jobs.some(one => one.name === name);
}

/** Throws `invalid_input` when there is none of this name. */
export function jobOf(name: string): Job {
  const job = jobs.find(one => one.name === name);
  if (job) return job;
  throw new MemoryError(
    'invalid_input',
    `There is no job "${name}".`,
    `Use one of ${jobs.map(one => one.name).join(', ')}.`,
  );
}

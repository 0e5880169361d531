import type { OpenJobs } from '../fixtures/openJobs.ts';
import { keptJobsContract } from './jobs/keptJobs.contract.ts';
import { schedulesContract } from './jobs/schedules.contract.ts';
import { workContract } from './jobs/work.contract.ts';

/** What every JobQueue must do. @param open an empty one, with the rules `QUICK` */
export function jobQueueContract(name: string, open: () => Promise<OpenJobs>): void {
  keptJobsContract(name, open);
  workContract(name, open);
  schedulesContract(name, open);
}

import type { JobRules } from '../../src/engine/jobs/jobRules.ts';
import type { OpenJobs } from '../fixtures/openJobs.ts';
import { keptJobsContract } from './jobs/keptJobs.contract.ts';
import { schedulesContract } from './jobs/schedules.contract.ts';
import { unknownJobsContract } from './jobs/unknownJobs.contract.ts';
import { workContract } from './jobs/work.contract.ts';

/** What every JobQueue must do. @param open an empty one, with the rules `QUICK` where it is given no others */
export function jobQueueContract(name: string, open: (rules?: Partial<JobRules>) => Promise<OpenJobs>): void {
  keptJobsContract(name, open);
  workContract(name, open);
  schedulesContract(name, open);
  unknownJobsContract(name, open);
}

import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { jobQueueContract } from '../../contract/jobQueue.contract.ts';
import { openSqliteJobs } from '../../fixtures/openJobs.ts';

for (const driver of availableDrivers())
  jobQueueContract(`the queue in a file on ${driver}`, rules => openSqliteJobs(driver, rules));

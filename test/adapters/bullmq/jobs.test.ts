import { jobQueueContract } from '../../contract/jobQueue.contract.ts';
import { onEachRedis } from '../../fixtures/onEachRedis.ts';
import { openBullJobs } from '../../fixtures/openJobs.ts';

onEachRedis(
  'jobs',
  (kind, place) => jobQueueContract(`BullMQ on ${kind}`, rules => openBullJobs(...place(), rules)),
  ['plain Redis', 'a Redis Cluster'],
);

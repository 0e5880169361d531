import type { BenchResult } from './benchResult.ts';
import { claimLatencyBench } from './tasks/claimLatency.ts';
import { embeddedClaimsBench } from './tasks/embeddedClaims.ts';
import { idleAgentsBench } from './tasks/idleAgents.ts';
import { taskThroughputBench } from './tasks/throughput.ts';

/**
 * Tasks on a Redis of this machine that keeps a log of its commands, written to disk each second (agents and Redis share the machine), and in
 * the embedded store.
 */
export async function tasksBench(full: boolean): Promise<BenchResult[]> {
  return [
    ...(await taskThroughputBench(full ? { tasks: 10_000, rounds: 9 } : { tasks: 2_000, rounds: 5 })),
    ...(await claimLatencyBench({ waiting: full ? 100_000 : 10_000, agents: 200, rate: 200, seconds: 15 })),
    ...(await embeddedClaimsBench({ waiting: full ? 100_000 : 10_000, agents: 200, claims: 2_000 })),
    ...(await idleAgentsBench({ agents: 20, seconds: full ? 60 : 20 })),
  ];
}

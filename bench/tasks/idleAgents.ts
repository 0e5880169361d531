import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { callerNamed } from '../../test/fixtures/callers.ts';
import { openMachine } from '../../test/fixtures/machine.ts';
import { type Together, togetherOn } from '../../test/fixtures/openTogether.ts';
import { type RedisServer, startRedis } from '../../test/fixtures/redis.ts';
import { temporaryFolder } from '../../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from '../benchResult.ts';

export interface IdleAgentsOptions {
  /** Each with an engine of its own, waiting for a task. */
  readonly agents: number;
  readonly seconds: number;
}

/** What agents cost that wait for a task: their heartbeats, their questions for news and what they ask by themselves. */
export async function idleAgentsBench({ agents, seconds }: IdleAgentsOptions): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  await using redis = await startRedis({ config: { appendfsync: 'everysec' } });
  const engines: Together[] = [];
  const ends: AbortController[] = [];
  const waiting: Promise<unknown>[] = [];
  for (let i = 0; i < agents; i++) {
    const path = join(folder.path, `${i}.db`);
    const engine = togetherOn(await openMachine({ path, port: redis.port }));
    engines.push(engine);
    const caller = { ...callerNamed(`agent-${i}`), lasting: true };
    const end = new AbortController();
    ends.push(end);
    waiting.push(engine.together.tasks.claim({ limit: 1, waitMs: 600_000 }, caller, end.signal));
  }
  await sleep(2_000);
  await using watch = await watchCommands(redis);
  const before = { cpu: process.cpuUsage(), redis: await processorSeconds(redis) };
  await sleep(seconds * 1_000);
  const sent = watch.sent();
  const after = { cpu: process.cpuUsage(before.cpu), redis: await processorSeconds(redis) };
  for (const end of ends) end.abort();
  await Promise.all(waiting);
  for (const engine of engines) await engine[Symbol.asyncDispose]();
  const commands = sent / seconds / agents;
  const percent = (cpuSeconds: number) => (cpuSeconds / seconds / agents) * 100;
  return [
    {
      name: 'an idle agent: commands of Redis',
      value: commands,
      unit: '1/s',
      target: '<= 1',
      met: commands <= 1,
    },
    {
      name: 'an idle agent: processor time of Redis',
      value: percent(after.redis - before.redis),
      unit: '% of a core',
    },
    {
      name: 'an idle agent: processor time of its engine',
      value: percent((after.cpu.user + after.cpu.system) / 1e6),
      unit: '% of a core',
    },
  ];
}

/** Counts what clients send from now on; not what a script calls. */
async function watchCommands({ port }: RedisServer): Promise<AsyncDisposable & { sent(): number }> {
  const client = new Redis(port);
  const monitor = await client.monitor();
  let sent = 0;
  monitor.on('monitor', (_time: string, _command: readonly string[], source: string) => {
    if (source !== 'lua') sent++;
  });
  return {
    sent: () => sent,
    async [Symbol.asyncDispose]() {
      monitor.disconnect();
      client.disconnect();
    },
  };
}

async function processorSeconds(redis: RedisServer): Promise<number> {
  const info = await redis.cli('info', 'cpu');
  const figures = [...info.matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)];
  return figures.reduce((sum, [, seconds]) => sum + Number(seconds), 0);
}

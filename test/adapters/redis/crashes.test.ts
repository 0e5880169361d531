import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const FULL = process.env['CHAOS'] === 'full';
const ROUNDS = FULL ? 20 : 3;
const MACHINES = ['one', 'two'];
const PREFIX = 'x:';

describe('a LAN on which everything dies at times', function () {
  this.timeout(600_000);

  it('keeps every acknowledged write, whoever is killed: writers, two a machine, and Redis', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const acknowledged: string[] = [];
    let writers = 0;
    const start = (machine: string): ChildProcess => {
      const args = [
        join(folder.path, `${machine}.db`),
        `${redis.port}`,
        PREFIX,
        `${machine}${writers++}`,
        '100000',
      ];
      const program = join(packageRoot, 'test', 'fixtures', 'centralWriter.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
        cwd: packageRoot,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      createInterface({ input: child.stdout! }).on('line', id => acknowledged.push(id));
      return child;
    };
    let running = MACHINES.flatMap(machine => [start(machine), start(machine)]);
    for (let round = 0; round < ROUNDS; round++) {
      const target = acknowledged.length + 100;
      while (acknowledged.length < target) await new Promise(resolve => setTimeout(resolve, 20));
      if (round % 2 === 1) {
        await redis.kill();
        const offline = acknowledged.length + 50;
        while (acknowledged.length < offline) await new Promise(resolve => setTimeout(resolve, 20));
        await redis.restart();
      }
      const victim = running[round % running.length]!;
      await killed(victim);
      running = running.map(one => (one === victim ? start(MACHINES[Math.floor((round % 4) / 2)]!) : one));
    }
    await Promise.all(running.map(killed));
    const shown: unknown[] = [];
    for (const name of [...MACHINES, 'fresh']) {
      await using machine = await openMachine({
        path: join(folder.path, `${name}.db`),
        port: redis.port,
        prefix: PREFIX,
      });
      await settled(machine);
    }
    for (const name of [...MACHINES, 'fresh']) {
      await using machine = await openMachine({
        path: join(folder.path, `${name}.db`),
        port: redis.port,
        prefix: PREFIX,
      });
      await settled(machine);
      const found = await machine.memories.get(acknowledged, viewerOf(claude));
      assert.deepEqual(
        acknowledged.filter((_, i) => !found[i]),
        [],
        `missing on ${name}`,
      );
      assert.deepEqual((await machine.report({ integrity: true })).problems, []);
      shown.push(await memoriesOf(machine));
    }
    for (const other of shown.slice(1)) assert.deepEqual(other, shown[0]);
    console.log(`      ${acknowledged.length} acknowledged`);
  });
});

describe('a Redis whose primary dies', function () {
  this.timeout(120_000);

  it('loses nothing that was acknowledged before, during and after the failover', async () => {
    await using folder = await temporaryFolder();
    await using site = await startRedisSentinels();
    const redis = { sentinels: site.sentinels, sentinelName: site.name };
    const options = { redis, prefix: PREFIX, deadlineMs: 1_000 };
    await using one = await openMachine({ ...options, path: join(folder.path, 'one.db') });
    await using two = await openMachine({ ...options, path: join(folder.path, 'two.db') });
    const acknowledged: string[] = [];
    let killed = false;
    for (let i = 0; i < 120; i++) {
      const memory = draft(`note ${i}`);
      await (i % 2 ? one : two).memories.insert([memory], claude);
      acknowledged.push(memory.id);
      if (i === 40) await site.primary.kill();
      killed ||= i === 40;
      // Long enough for the Sentinels to agree.
      if (killed) await new Promise(resolve => setTimeout(resolve, 100));
    }
    await settled(one);
    await settled(two);
    await using fresh = await openMachine({ ...options, path: join(folder.path, 'fresh.db') });
    await settled(fresh);
    for (const machine of [one, two, fresh]) {
      const found = await machine.memories.get(acknowledged, viewerOf(claude));
      assert.equal(found.filter(Boolean).length, acknowledged.length);
    }
  });
});

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

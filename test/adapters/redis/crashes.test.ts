import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { claude } from '../../fixtures/callers.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { type Program, startProgram } from '../../fixtures/startProgram.ts';
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
    const start = (machine: string) => {
      const args = [
        join(folder.path, `${machine}.db`),
        `${redis.port}`,
        PREFIX,
        `${machine}${writers++}`,
        '100000',
      ];
      return startProgram('centralWriter', args, id => acknowledged.push(id));
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

async function killed({ child, ended }: Program): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

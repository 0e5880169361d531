import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMachine } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { losesNothing, startLoad } from '../../fixtures/steadyLoad.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const TIMES = process.env['CHAOS'] === 'full' ? 20 : 2;
const DEADLINE_MS = 500;
/** Longer than anybody waits for an answer. */
const OUTAGE_MS = 2 * DEADLINE_MS;
/** What is written between two faults. */
const WRITES = 40;

const faults: Readonly<Record<string, (redis: RedisServer) => Promise<unknown>>> = {
  'ends every connection (CLIENT KILL)': redis => redis.cli('client', 'kill', 'type', 'normal'),
  async 'answers nobody for a while (CLIENT PAUSE)'(redis) {
    await redis.cli('client', 'pause', `${OUTAGE_MS}`, 'all');
    await sleep(OUTAGE_MS);
  },
  async 'lets all writes wait for a while (CLIENT PAUSE WRITE)'(redis) {
    await redis.cli('client', 'pause', `${OUTAGE_MS}`, 'write');
    await sleep(OUTAGE_MS);
  },
  async hangs(redis) {
    redis.hang();
    await sleep(OUTAGE_MS);
    redis.wake();
  },
  'loads its data anew (DEBUG RELOAD)': redis => redis.cli('debug', 'reload'),
  'is restarted': redis => redis.restart(),
  async 'is killed and started again'(redis) {
    await redis.kill();
    await redis.restart();
  },
};

describe('a Redis that, under load,', function () {
  this.timeout(600_000);

  for (const [what, fault] of Object.entries(faults))
    it(`${what} loses nothing that was acknowledged`, async () => {
      await using folder = await temporaryFolder();
      await using redis = await startRedis();
      const at = (name: string) => ({
        ...{ path: join(folder.path, `${name}.db`), port: redis.port, prefix: 'f:', deadlineMs: DEADLINE_MS },
      });
      await using one = await openMachine(at('one'));
      await using two = await openMachine(at('two'));
      const load = startLoad([one, two]);
      const written = () => {
        const target = load.acknowledged.length + WRITES;
        return until(() => load.acknowledged.length >= target);
      };
      for (let i = 0; i < TIMES; i++) {
        await written();
        await fault(redis);
      }
      await written();
      await load.stop();
      await losesNothing([one, two], load.acknowledged, at('fresh'));
    });
});

import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import { Health } from '../../../src/engine/health/health.ts';
import { type HealthCheck, type HealthFinding, ok } from '../../../src/engine/health/healthCheck.ts';
import { judgeRoom } from '../../../src/engine/health/healthChecks.ts';
import { never } from '../../fixtures/engine.ts';

const GIB = 2 ** 30;
const well: HealthCheck = { name: 'well', look: async () => ok('all is well') };

async function found(health: Health, only?: readonly string[], signal = never): Promise<HealthFinding[]> {
  const findings: HealthFinding[] = [];
  for await (const one of health.look(signal, only)) findings.push(one);
  return findings;
}

describe('Health', () => {
  it('tells what each check found, in their order, and passes over what is not here', async () => {
    const absent: HealthCheck = { name: 'absent', look: async () => undefined };
    const slow: HealthCheck = {
      name: 'slow',
      look: () => new Promise(resolve => setTimeout(resolve, 20, ok('at last'))),
    };
    assert.deepEqual(await found(new Health([slow, absent, well])), [
      { name: 'slow', status: 'ok', detail: 'at last' },
      { name: 'well', status: 'ok', detail: 'all is well' },
    ]);
  });

  it('makes a failure of whatever a check throws, and of one that does not end, and nobody else waits', async () => {
    let stopped = false;
    const checks: HealthCheck[] = [
      {
        name: 'known',
        look: () => Promise.reject(new MemoryError('unavailable', 'The disk is gone.', 'Mount it.')),
      },
      { name: 'bug', look: () => Promise.reject(new TypeError('x is undefined')) },
      {
        name: 'hangs',
        look: signal =>
          new Promise(() =>
            signal.addEventListener('abort', () => {
              stopped = true;
            }),
          ),
      },
      well,
    ];
    assert.deepEqual(await found(new Health(checks, 50)), [
      { name: 'known', status: 'fail', detail: 'The disk is gone.', fix: 'Mount it.' },
      { name: 'bug', status: 'fail', detail: 'x is undefined', fix: 'This is a bug: please report it.' },
      {
        name: 'hangs',
        status: 'fail',
        detail: 'did not end within 0.05 s',
        fix: 'Look into the log; try it alone.',
      },
      { name: 'well', status: 'ok', detail: 'all is well' },
    ]);
    assert.ok(stopped);
  });

  it('runs those that are asked for, and refuses a name that it does not know', async () => {
    const other: HealthCheck = { name: 'other', look: () => Promise.reject(new Error('not asked for')) };
    const health = new Health([other, well]);
    assert.deepEqual(
      (await found(health, ['well'])).map(({ name }) => name),
      ['well'],
    );
    await assert.rejects(found(health, ['weather']), { code: 'invalid_input', fix: 'Use other, well.' });
  });

  it('ends when it is cancelled', async () => {
    const stop = new AbortController();
    const hangs: HealthCheck = {
      name: 'hangs',
      look: signal =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    };
    const looking = found(new Health([hangs, well]), undefined, stop.signal);
    stop.abort();
    await assert.rejects(looking, { code: 'cancelled' });
  });
});

describe('judgeRoom', () => {
  it('warns below a GiB and fails below a tenth of it', () => {
    const judged = (freeBytes: number) =>
      judgeRoom({ freeBytes, totalBytes: 100 * GIB }, '/data/memory.db').status;
    assert.deepEqual([GIB, GIB - 1, GIB / 10, GIB / 10 - 1, 0].map(judged), [
      'ok',
      'warn',
      'warn',
      'fail',
      'fail',
    ]);
    assert.match(
      judgeRoom({ freeBytes: 1.5 * GIB, totalBytes: 100 * GIB }, '/data/memory.db').detail,
      /^1\.5 of 100\.0 GiB are free at \/data\/memory\.db$/,
    );
  });
});

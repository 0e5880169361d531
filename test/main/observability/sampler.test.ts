import assert from 'node:assert/strict';
import { PrometheusMetrics } from '../../../src/adapters/prometheus/prometheusMetrics.ts';
import { type Sample, Sampler } from '../../../src/main/observability/sampler.ts';
import { silent } from '../../fixtures/logger.ts';

const AN_HOUR_MS = 3_600_000;

/** Tells 1, 2, 3 … tasks that are ready. */
function counting(): Sample & { readonly reads: number } {
  let reads = 0;
  return {
    name: 'tasks',
    metrics: ['tasks', 'leases'],
    get reads() {
      return reads;
    },
    async read() {
      reads += 1;
      return { tasks: [{ labels: ['ready'], value: reads }] };
    },
  };
}

async function toldOf(metrics: PrometheusMetrics, name: string): Promise<string | undefined> {
  return (await metrics.text()).split('\n').find(line => line.startsWith(`memory_central_${name}`));
}

describe('gauges that are asked for', () => {
  it('are read once, however many scrapes there are meanwhile', async () => {
    const metrics = new PrometheusMetrics();
    const sampler = new Sampler(metrics, silent, AN_HOUR_MS);
    const sample = counting();
    sampler.add(sample);
    assert.equal(await toldOf(metrics, 'tasks{'), undefined);
    await Promise.all(Array.from({ length: 20 }, () => sampler.refresh()));
    await sampler.refresh();
    assert.equal(sample.reads, 1);
    assert.equal(await toldOf(metrics, 'tasks{'), 'memory_central_tasks{state="ready"} 1');
  });

  it('are read anew when their time is over', async () => {
    const metrics = new PrometheusMetrics();
    const sampler = new Sampler(metrics, silent, 0);
    const sample = counting();
    const rare = { ...counting(), everyMs: AN_HOUR_MS };
    sampler.add(sample, rare);
    for (let i = 0; i < 3; i++) await sampler.refresh();
    assert.equal(sample.reads, 3);
  });

  it('are absent while they cannot be read, which is counted, and keep no other from being told', async () => {
    const metrics = new PrometheusMetrics();
    const sampler = new Sampler(metrics, silent, 0);
    let broken = false;
    sampler.add(
      {
        name: 'agents',
        metrics: ['agents', 'redisUp'],
        async read() {
          if (broken) throw new Error('gone');
          return { agents: [{ labels: ['online'], value: 3 }], redisUp: [{ value: 1 }] };
        },
      },
      counting(),
    );
    await sampler.refresh();
    assert.equal(await toldOf(metrics, 'agents{'), 'memory_central_agents{presence="online"} 3');
    assert.equal(await toldOf(metrics, 'redis_up '), 'memory_central_redis_up 1');
    broken = true;
    await sampler.refresh();
    assert.equal(await toldOf(metrics, 'agents{'), undefined);
    assert.equal(await toldOf(metrics, 'redis_up '), undefined);
    assert.equal(
      await toldOf(metrics, 'sample_failures_total{'),
      'memory_central_sample_failures_total{sample="agents"} 1',
    );
    assert.equal(await toldOf(metrics, 'tasks{'), 'memory_central_tasks{state="ready"} 2');
    broken = false;
    await sampler.refresh();
    assert.equal(await toldOf(metrics, 'redis_up '), 'memory_central_redis_up 1');
  });

  it('hold up no scrape for ever, and are asked once only while they do not answer', async () => {
    const metrics = new PrometheusMetrics();
    const sampler = new Sampler(metrics, silent, 0);
    let asked = 0;
    sampler.add({
      name: 'redis',
      metrics: ['redisUp'],
      read: () => {
        asked += 1;
        return new Promise(() => {});
      },
    });
    await Promise.all([sampler.refresh(), sampler.refresh()]);
    assert.equal(asked, 1);
  });
});

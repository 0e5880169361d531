import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  METRICS,
  type MetricDefinition,
  type MetricName,
} from '../../../src/adapters/prometheus/metricDefinitions.ts';
import { PrometheusMetrics } from '../../../src/adapters/prometheus/prometheusMetrics.ts';
import { prometheusProgram } from '../../fixtures/prometheus.ts';

const definitions = Object.entries<MetricDefinition>(METRICS) as [MetricName, MetricDefinition][];

/** One value of every metric. */
function filled(): PrometheusMetrics {
  const metrics = new PrometheusMetrics();
  for (const [name, { kind, labels }] of definitions) {
    if (kind === 'histogram') metrics.took(name, 0.003, ...labels);
    else if (kind === 'counter') metrics.count(name, 2, ...labels);
    else metrics.replace(name, [{ labels: [...labels], value: 7 }]);
  }
  return metrics;
}

describe('metrics', () => {
  it('are written and named as Prometheus wants them', async () => {
    const text = await filled().text();
    const promtool = await prometheusProgram('promtool');
    const said = await new Promise<string>((resolve, reject) => {
      const child = execFile(promtool, ['check', 'metrics'], (error, stdout, stderr) =>
        error ? reject(new Error(`${stdout}${stderr}`)) : resolve(stdout + stderr),
      );
      child.stdin!.end(text);
    });
    assert.equal(said, '');
    for (const [, { name }] of definitions) assert.match(text, new RegExp(`^${name}(_count)?[{ ]`, 'm'));
  });

  it('have labels that are bounded, and none that tells of anybody', () => {
    const labels = new Set(definitions.flatMap(([, definition]) => definition.labels));
    assert.deepEqual(
      [...labels].sort(),
      [
        ...['cache', 'driver', 'gpu', 'kind', 'method', 'name', 'operation', 'outcome', 'presence'],
        ...['priority', 'route', 'sample', 'state', 'status', 'surface', 'tool', 'type'],
      ].sort(),
    );
  });

  it('that were never read are absent, and what is replaced leaves nothing behind', async () => {
    const metrics = new PrometheusMetrics();
    const lines = async () =>
      (await metrics.text()).split('\n').filter(line => /^memory_central_(redis_up|jobs)/.test(line));
    assert.deepEqual(await lines(), []);
    metrics.replace('redisUp', [{ value: 0 }]);
    metrics.replace('jobs', [
      { labels: ['waiting'], value: 2 },
      { labels: ['dead'], value: 1 },
    ]);
    assert.deepEqual((await lines()).sort(), [
      'memory_central_jobs{state="dead"} 1',
      'memory_central_jobs{state="waiting"} 2',
      'memory_central_redis_up 0',
    ]);
    metrics.replace('jobs', [{ labels: ['dead'], value: 3 }]);
    metrics.replace('redisUp', []);
    assert.deepEqual(await lines(), ['memory_central_jobs{state="dead"} 3']);
  });
});

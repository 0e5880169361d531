import assert from 'node:assert/strict';
import { HEIGHT, linePath, niceCeiling, WIDTH } from '../../../webview/dashboard/chartPath.ts';
import { History, type Point, pointOf, WINDOW_MS } from '../../../webview/dashboard/history.ts';
import { emptySample } from '../../fixtures/dashboardSample.ts';

const NOW = 1_000_000_000;
const pointsOf = (...values: readonly (number | undefined)[]): readonly Point[] =>
  values.map((value, i) => ({
    at: NOW - (values.length - 1 - i) * 3_000,
    values: value === undefined ? {} : { cpu: value },
  }));
/** The commands of a path with their numbers. */
const steps = (path: string) => [...path.matchAll(/([ML])([\d.]+) ([\d.]+)/g)].map(([, ...step]) => step);

describe('the history of a dashboard', () => {
  it('keeps ten minutes, in order, also through a clock that goes back', () => {
    const history = new History();
    for (const [i, point] of pointsOf(...Array(300).keys()).entries()) {
      history.add(point);
      assert.equal(history.points.length, Math.min(i + 1, 200));
    }
    assert.equal(history.spanMs, WINDOW_MS - 3_000);
    history.add({ at: NOW - 60_000, values: {} });
    const times = history.points.map(({ at }) => at);
    assert.equal(times.at(-1), NOW - 60_000);
    assert.deepEqual(
      times,
      [...new Set(times)].sort((a, b) => a - b),
    );
  });

  it('takes back what it kept, and nothing that is old, ahead of time, or none of it', () => {
    const history = new History();
    const points = pointsOf(1, 2, 3);
    history.restore(JSON.parse(JSON.stringify(points)), NOW);
    assert.deepEqual(history.points, points);
    history.restore(points, NOW + WINDOW_MS - 4_000);
    assert.deepEqual(history.points, points.slice(1));
    history.restore(points, NOW - 1);
    assert.deepEqual(history.points, points.slice(0, 2));
    for (const other of [undefined, null, 'x', [{ at: 'x', values: {} }], [{ at: 1, values: { a: NaN } }]]) {
      history.restore(other, NOW);
      assert.deepEqual(history.points, []);
    }
  });

  it('tells how much a count rose, through a store that begins anew', () => {
    const history = new History();
    assert.equal(history.rise('cpu'), 0);
    for (const point of pointsOf(5, undefined, 7, 1, 4)) history.add(point);
    assert.equal(history.rise('cpu'), 2 + 3);
  });

  it('follows what can be told of a sample, and leaves out the rest', () => {
    assert.deepEqual(pointOf(emptySample(NOW)), {
      at: NOW,
      values: { cpu: 12, memories: 0, completed: 0, failed: 0 },
    });
    const busy = pointOf({
      ...emptySample(NOW),
      devices: {
        gpus: [{ name: 'one', busyPercent: 40, memoryUsedBytes: 3, memoryTotalBytes: 4 }, { name: 'two' }],
        problems: [],
        cpu: { model: '', cores: 2, busyPercent: 1 },
      },
      caches: [{ name: 'responses', entries: 1, hits: 3, misses: 1, bytes: 9 }],
      tasks: { problem: { message: 'away', fix: 'wait' } },
      agents: {
        value: [1, 0, 3].map((tasks, i) => ({
          ...{ id: `${i}`, namespace: 'shop', name: 'a', machine: 'm', status: 'idle', load: 0, tasks },
          presence: i < 2 ? ('online' as const) : ('offline' as const),
        })),
      },
    });
    assert.deepEqual(busy.values, {
      ...{ cpu: 1, 'gpu0.busy': 40, 'gpu0.memory': 75, 'hits.responses': 75, memories: 0, busy: 50 },
    });
  });
});

describe('the line of a chart', () => {
  it('runs from left to right, and to the top where the value is greatest', () => {
    const [first, second, last] = steps(linePath(pointsOf(0, 50, 100), 'cpu', NOW, 100));
    assert.deepEqual([first?.[0], second?.[0], last?.[0]], ['M', 'L', 'L']);
    assert.deepEqual([Number(last?.[1]), Number(last?.[2])], [WIDTH, 1]);
    assert.deepEqual([Number(second?.[2]), Number(first?.[2])], [HEIGHT / 2, HEIGHT - 1]);
    assert.ok(Number(first?.[1]) < Number(second?.[1]));
  });

  it('breaks where nobody looked, and where nothing was told', () => {
    assert.deepEqual(
      steps(linePath(pointsOf(1, undefined, 2, 3), 'cpu', NOW, 5)).map(([command]) => command),
      ['M', 'M', 'L'],
    );
    const [early, late] = pointsOf(1, 2);
    const apart = [{ ...early!, at: NOW - 60_000 }, late!];
    assert.deepEqual(
      steps(linePath(apart, 'cpu', NOW, 5)).map(([command]) => command),
      ['M', 'M'],
    );
    assert.equal(linePath(pointsOf(1), 'other', NOW, 5), '');
  });

  it('never leaves its drawing', () => {
    for (const [, , y] of steps(linePath(pointsOf(-5, 500), 'cpu', NOW, 100)))
      assert.ok(Number(y) >= 0 && Number(y) <= HEIGHT);
  });

  it('has a scale of round numbers', () => {
    assert.deepEqual(
      [0, 0.3, 1, 1.1, 4.9, 5, 7, 34, 100, 101].map(niceCeiling),
      [1, 0.5, 1, 2, 5, 5, 10, 50, 100, 200],
    );
  });
});

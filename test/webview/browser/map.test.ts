import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Camera } from '../../../webview/browser/map/camera.ts';
import { Lasso } from '../../../webview/browser/map/lasso.ts';
import { nextPoint } from '../../../webview/browser/map/nextPoint.ts';
import { PointGrid } from '../../../webview/browser/map/pointGrid.ts';
import { stampsOf } from '../../../webview/browser/map/stamps.ts';

const number = fc.float({ min: -50, max: 50, noNaN: true });
const places = fc
  .array(fc.tuple(number, number), { minLength: 1, maxLength: 200 })
  .map(points => Float32Array.from(points.flat()));

function cameraOf(points: Float32Array): Camera {
  const camera = new Camera();
  camera.width = 800;
  camera.height = 400;
  camera.fit(points);
  return camera;
}

describe('Camera', () => {
  it('brings all points into sight, wherever they are', () => {
    fc.assert(
      fc.property(places, points => {
        const camera = cameraOf(points);
        for (let i = 0; i < points.length; i += 2) {
          const [x, y] = [camera.screenX(points[i]!), camera.screenY(points[i + 1]!)];
          assert.ok(x >= 0 && x <= 800 && y >= 0 && y <= 400, `${x}, ${y}`);
        }
      }),
    );
  });

  it('keeps what is under the pointer there while it zooms, and finds it again', () => {
    const camera = cameraOf(Float32Array.of(0, 0, 10, 10));
    const [x, y] = [camera.planeX(200), camera.planeY(100)];
    camera.zoomAt(200, 100, 3);
    assert.ok(Math.abs(camera.screenX(x) - 200) < 1e-6 && Math.abs(camera.screenY(y) - 100) < 1e-6);
    assert.ok(Math.abs(camera.zoom - 3) < 1e-9);
  });

  it('shows the same part when the page gets another size', () => {
    const points = Float32Array.of(0, 0, 10, 10);
    const camera = cameraOf(points);
    camera.zoomAt(500, 100, 4);
    const { x, y } = camera;
    camera.resize(200, 400, points);
    assert.deepEqual([camera.x, camera.y], [x, y]);
    assert.ok(Math.abs(camera.zoom - 4) < 1e-9);
    const narrow = new Camera();
    narrow.resize(200, 400, points);
    narrow.fit(points);
    assert.ok(Math.abs(camera.scale - 4 * narrow.scale) < 1e-9);
  });

  it('shows a part again that was kept, however large the map is by then', () => {
    const camera = cameraOf(Float32Array.of(0, 0, 10, 10));
    camera.see(Float32Array.of(0, 0, 20, 20), 5, 6, 3);
    assert.deepEqual([camera.screenX(5), camera.screenY(6)], [400, 200]);
    assert.ok(Math.abs(camera.scale - 3 * cameraOf(Float32Array.of(0, 0, 20, 20)).scale) < 1e-9);
    camera.see(Float32Array.of(0, 0, 20, 20), 5, 6, 1e9);
    assert.ok(camera.zoom < 1000);
  });

  it('shows what an arrow leads to', () => {
    const camera = cameraOf(Float32Array.of(0, 0, 10, 10));
    camera.zoomAt(0, 0, 20);
    camera.reveal(10, 0);
    assert.ok(Math.abs(camera.screenX(10) - 400) < 1e-6);
  });
});

describe('PointGrid', () => {
  it('finds the nearest as a look at all does', () => {
    fc.assert(
      fc.property(
        places,
        number,
        number,
        fc.float({ min: 1, max: 40, noNaN: true }),
        (points, x, y, reach) => {
          const found = new PointGrid(points).nearest(x, y, reach);
          const distances = Array.from({ length: points.length / 2 }, (_, i) =>
            Math.hypot(points[2 * i]! - x, points[2 * i + 1]! - y),
          );
          const least = Math.min(...distances);
          if (found < 0) assert.ok(least >= reach - 1e-6);
          else assert.ok(Math.abs(distances[found]! - least) < 1e-6);
        },
      ),
    );
  });

  it('finds each point of a part once, and all of them in the whole', () => {
    fc.assert(
      fc.property(places, points => {
        const out = new Uint32Array(points.length / 2);
        const count = new PointGrid(points).within(-50, 50, -50, 50, out);
        assert.equal(count, out.length);
        assert.deepEqual(
          [...out].sort((a, b) => a - b),
          Array.from(out, (_, i) => i),
        );
      }),
    );
  });
});

describe('nextPoint', () => {
  const cross = Float32Array.of(0, 0, 1, 0.2, -1, 0, 0, 1, 0, -1, 5, 0);

  it('leads to the nearest ahead', () => {
    assert.deepEqual(
      (['right', 'left', 'up', 'down'] as const).map(way => nextPoint(cross, 0, way)),
      [1, 2, 3, 4],
    );
  });

  it('ends at the edge', () => assert.equal(nextPoint(cross, 5, 'right'), -1));
});

describe('Lasso', () => {
  it('holds what lies inside of any line, also a hollow one', () => {
    const lasso = new Lasso();
    const corners = [0, 0, 4, 0, 4, 4, 2, 1, 0, 4];
    lasso.begin(corners[0]!, corners[1]!);
    for (let i = 2; i < corners.length; i += 2) lasso.add(corners[i]!, corners[i + 1]!);
    assert.deepEqual(lasso.inside(Float32Array.of(0.5, 2, 3.6, 3, 2, 3, 9, 1)), [0, 1]);
    lasso.clear();
    assert.deepEqual(lasso.inside(Float32Array.of(0.5, 2)), []);
  });

  it('takes a line of any length', () => {
    const lasso = new Lasso();
    lasso.begin(10, 0);
    for (let i = 1; i < 1000; i++) lasso.add(10 * Math.cos(i / 159.15), 10 * Math.sin(i / 159.15));
    assert.deepEqual(lasso.inside(Float32Array.of(0, 0, 11, 0)), [0]);
  });
});

describe('stampsOf', () => {
  it('has another shape for each kind', () => {
    const { cover, size } = stampsOf(6);
    const shapes = Array.from({ length: 8 }, (_, kind) =>
      cover.subarray(kind * size * size, (kind + 1) * size * size).join(),
    );
    assert.equal(new Set(shapes).size, 8);
    assert.ok(shapes.every(shape => shape.includes('255')));
  });
});

import type { Camera } from './camera.ts';
import type { Colours } from './palette.ts';
import type { PointGrid } from './pointGrid.ts';
import { type Stamps, stampsOf } from './stamps.ts';

/** CSS pixels; points grow a little as one comes nearer. */
const MOST_RADIUS = 7;

/** What is painted: all arrays have an entry (or two) a point. */
export interface PaintedPoints {
  readonly places: Float32Array;
  readonly kinds: Uint8Array;
  /** 1: it matches; undefined: all do */
  readonly matches: Uint8Array | undefined;
  /** undefined while points move */
  readonly grid: PointGrid | undefined;
}

/**
 * Paints points into a picture, pixel by pixel: twenty thousand of them take a few milliseconds on any machine, whether or not
 * it has a GPU. Nothing is allocated for a frame.
 */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  #image: ImageData;
  #pixels: Uint32Array;
  #stamps: Stamps = stampsOf(1);
  #radius = 1;
  #found = new Uint32Array(0);

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
    this.#image = context.createImageData(1, 1);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /** @returns radius of a point, CSS pixels @param ratio pixels of the screen in a CSS pixel */
  paint(points: PaintedPoints, camera: Camera, ratio: number, colours: Colours): number {
    const { height, width } = this.#context.canvas;
    if (this.#image.width !== width || this.#image.height !== height) {
      this.#image = this.#context.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    const count = points.places.length / 2;
    if (this.#found.length < count) this.#found = new Uint32Array(count);
    const radius = radiusOf(count, camera.zoom);
    if (radius * ratio !== this.#radius) {
      this.#radius = radius * ratio;
      this.#stamps = stampsOf(this.#radius);
    }
    this.#pixels.fill(0xff000000 | colours.background);
    const found = this.#inSight(points, camera, radius);
    const { matches } = points;
    if (matches) this.#pass(points, found, camera, ratio, colours.faint, 0);
    this.#pass(points, found, camera, ratio, colours.kinds, 1);
    this.#context.putImageData(this.#image, 0, 0);
    return radius;
  }

  #inSight({ grid, places }: PaintedPoints, camera: Camera, radius: number): number {
    if (!grid) {
      const count = places.length / 2;
      for (let i = 0; i < count; i++) this.#found[i] = i;
      return count;
    }
    return grid.within(
      camera.planeX(-radius),
      camera.planeX(camera.width + radius),
      camera.planeY(camera.height + radius),
      camera.planeY(-radius),
      this.#found,
    );
  }

  /** Those that match, or those that do not. */
  #pass(
    { kinds, matches, places }: PaintedPoints,
    found: number,
    camera: Camera,
    ratio: number,
    colours: readonly number[],
    wanted: number,
  ): void {
    for (let i = 0; i < found; i++) {
      const point = this.#found[i]!;
      if (matches && matches[point] !== wanted) continue;
      const x = Math.round(camera.screenX(places[2 * point]!) * ratio);
      const y = Math.round(camera.screenY(places[2 * point + 1]!) * ratio);
      const kind = kinds[point]!;
      this.#stamp(x, y, kind, colours[kind]!);
    }
  }

  #stamp(x: number, y: number, kind: number, colour: number): void {
    const { height, width } = this.#image;
    const { cover, size } = this.#stamps;
    const half = (size - 1) / 2;
    const left = x - half;
    const top = y - half;
    if (left + size <= 0 || top + size <= 0 || left >= width || top >= height) return;
    const pixels = this.#pixels;
    const firstX = Math.max(0, -left);
    const lastX = Math.min(size, width - left);
    const firstY = Math.max(0, -top);
    const lastY = Math.min(size, height - top);
    for (let line = firstY; line < lastY; line++) {
      let from = (kind * size + line) * size + firstX;
      let to = (top + line) * width + left + firstX;
      for (let column = firstX; column < lastX; column++, from++, to++) {
        const alpha = cover[from]!;
        if (alpha === 0) continue;
        pixels[to] = alpha >= 254 ? 0xff000000 | colour : blended(pixels[to]!, colour, alpha);
      }
    }
  }
}

function radiusOf(count: number, zoom: number): number {
  const calm = count > 10_000 ? 2.25 : count > 2_000 ? 3 : count > 300 ? 4 : 5;
  // In steps, since each size has its own stamps.
  return Math.min(MOST_RADIUS, Math.round(calm * Math.max(1, zoom) ** 0.25 * 4) / 4);
}

/** Both as 0xAABBGGRR, red and blue at once. */
function blended(under: number, over: number, alpha: number): number {
  const rest = 256 - alpha;
  const redBlue = ((((over & 0xff00ff) * alpha) >>> 8) + (((under & 0xff00ff) * rest) >>> 8)) & 0xff00ff;
  const green = ((((over & 0xff00) * alpha) >>> 8) + (((under & 0xff00) * rest) >>> 8)) & 0xff00;
  return (0xff000000 | redBlue | green) >>> 0;
}

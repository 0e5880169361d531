import { element } from '../../shared/dom.ts';
import { reducedMotion } from '../../shared/motion.ts';
import { Camera } from './camera.ts';
import { Lasso } from './lasso.ts';
import { Painter } from './painter.ts';
import { type Colours, coloursOf } from './palette.ts';
import { PointGrid } from './pointGrid.ts';

/** How long points glide to other places. */
const GLIDE_MS = 500;
/** On finer screens points would cost more than they gain. */
const MOST_RATIO = 2;

/** What is shown: each array has an entry (or two) a point. */
export interface ShownPoints {
  readonly places: Float32Array;
  readonly kinds: Uint8Array;
  readonly matches: Uint8Array | undefined;
}

/** Points that are marked by a ring; -1: none. */
export interface Marks {
  /** Where the keyboard is. */
  readonly focused: number;
  /** Under the pointer. */
  readonly hovered: number;
  /** Its details are shown. */
  readonly selected: number;
}

const NO_POINTS: ShownPoints = { places: new Float32Array(), kinds: new Uint8Array(), matches: undefined };

/** The canvas: draws points, rings and lasso when something has changed, at most once a frame. */
export class MapCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly camera = new Camera();
  readonly lasso = new Lasso();
  readonly #context: CanvasRenderingContext2D;
  readonly #painter: Painter;
  #points = NO_POINTS;
  #grid = new PointGrid(NO_POINTS.places);
  /** Where points are while they glide. */
  #current = NO_POINTS.places;
  #from = NO_POINTS.places;
  #glideBegan = -1;
  #marks: Marks = { focused: -1, hovered: -1, selected: -1 };
  #colours: Colours | undefined;
  #frame = 0;
  /** Called after each drawing: what stands beside a point follows it. */
  onDrawn: () => void = () => {};
  /** Called when another part is in sight because a person wanted it. */
  onMoved: () => void = () => {};
  /** Nobody has moved the map: all stays in sight. */
  #fitted = true;

  constructor() {
    this.canvas = element('canvas', { class: 'map-canvas' });
    // Kept in ordinary memory, where it is painted.
    this.#context = this.canvas.getContext('2d', { alpha: false, willReadFrequently: true })!;
    this.#painter = new Painter(this.#context);
    new ResizeObserver(() => this.#resize()).observe(this.canvas);
    new MutationObserver(() => {
      this.#colours = undefined;
      this.draw();
    }).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  get points(): ShownPoints {
    return this.#points;
  }

  /** All is in sight, and stays so. */
  get fitted(): boolean {
    return this.#fitted;
  }

  set marks(marks: Marks) {
    this.#marks = marks;
    this.draw();
  }

  /** @param from where the points come from; those that stand still have the same place there */
  show(points: ShownPoints, from: Float32Array): void {
    this.#points = points;
    this.#grid = new PointGrid(points.places);
    const moves = points.places.some((value, i) => value !== from[i]);
    this.#from = from;
    this.#current = moves ? from.slice() : points.places;
    this.#glideBegan = moves && !reducedMotion() ? 0 : -1;
    this.canvas.setAttribute('aria-busy', String(this.#glideBegan >= 0));
    if (this.#glideBegan < 0) this.#current = points.places;
    if (this.#fitted) this.camera.fit(this.#current);
    else this.camera.measure(points.places);
    this.draw();
  }

  /** Brings all into sight, and keeps it there. */
  fit(): void {
    this.#fitted = true;
    this.camera.fit(this.#points.places);
    this.draw();
    this.onMoved();
  }

  /** Brings this part into sight, as it was before. @param zoom against all in sight */
  look(x: number, y: number, zoom: number): void {
    this.#fitted = false;
    this.camera.see(this.#points.places, x, y, zoom);
    this.draw();
  }

  /** A person moves the map. */
  moved(): void {
    this.#fitted = false;
    this.draw();
    this.onMoved();
  }

  /** @returns the point at that place of the screen, -1: none */
  pointAt(screenX: number, screenY: number, reach: number): number {
    const { camera } = this;
    return this.#grid.nearest(camera.planeX(screenX), camera.planeY(screenY), reach / camera.scale);
  }

  /** Indexes of the points in sight. */
  inSight(): number[] {
    const { camera } = this;
    const { places } = this.#points;
    const all = Array.from({ length: places.length / 2 }, (_, i) => i);
    return all.filter(i => {
      const x = camera.screenX(places[2 * i]!);
      const y = camera.screenY(places[2 * i + 1]!);
      return x >= 0 && y >= 0 && x <= camera.width && y <= camera.height;
    });
  }

  draw(): void {
    this.#frame ||= requestAnimationFrame(now => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  /** Draws nothing until it is asked to again. */
  rest(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #resize(): void {
    const { clientHeight, clientWidth } = this.canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.camera.resize(clientWidth, clientHeight, this.#points.places);
    if (this.#fitted) this.camera.fit(this.#points.places);
    // At once: a canvas of another size is empty.
    this.#draw(performance.now());
  }

  #draw(now: number): void {
    const { canvas, camera } = this;
    if (!canvas.isConnected) return;
    const ratio = Math.min(devicePixelRatio, MOST_RATIO);
    const width = Math.max(1, Math.round(camera.width * ratio));
    const height = Math.max(1, Math.round(camera.height * ratio));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    if (this.#glideBegan >= 0) this.#glide(now);
    this.#colours ??= coloursOf(canvas);
    const { kinds, matches } = this.#points;
    const grid = this.#glideBegan < 0 ? this.#grid : undefined;
    const radius = this.#painter.paint(
      { places: this.#current, kinds, matches, grid },
      camera,
      ratio,
      this.#colours,
    );
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.strokeStyle = this.#colours.line;
    const { focused, hovered, selected } = this.#marks;
    this.#ring(hovered, radius + 3, 1);
    this.#ring(selected, radius + 3, 2);
    this.#ring(focused, radius + 6, 2);
    this.#drawLasso();
    this.onDrawn();
  }

  #glide(now: number): void {
    if (this.#glideBegan === 0) this.#glideBegan = now;
    const share = Math.min(1, (now - this.#glideBegan) / GLIDE_MS);
    const eased = share * share * (3 - 2 * share);
    const { places } = this.#points;
    for (let i = 0; i < places.length; i++)
      this.#current[i] = this.#from[i]! + (places[i]! - this.#from[i]!) * eased;
    if (this.#fitted) this.camera.fit(this.#current);
    if (share === 1) {
      this.#glideBegan = -1;
      this.#current = places;
      this.canvas.setAttribute('aria-busy', 'false');
    } else this.draw();
  }

  #ring(point: number, radius: number, width: number): void {
    if (point < 0) return;
    const context = this.#context;
    const x = this.camera.screenX(this.#current[2 * point]!);
    const y = this.camera.screenY(this.#current[2 * point + 1]!);
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }

  #drawLasso(): void {
    const { corners } = this.lasso;
    if (corners.length === 0) return;
    const context = this.#context;
    context.lineWidth = 1.5;
    context.beginPath();
    for (let i = 0; i < corners.length; i += 2)
      context.lineTo(this.camera.screenX(corners[i]!), this.camera.screenY(corners[i + 1]!));
    context.closePath();
    context.stroke();
  }
}

import type { MapCanvas } from './mapCanvas.ts';
import { type Direction, nextPoint, WAYS } from './nextPoint.ts';

/** A pointer that moves less has clicked. CSS pixels */
const STILL = 4;
/** Points so near to the pointer are meant. CSS pixels */
const REACH = 12;
const ZOOM_STEP = 1.4;
/** Shift with an arrow moves the map by so much of what is in sight. */
const PAN_SHARE = 0.2;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export interface MapControlsOptions {
  /** Under the pointer, or not any more (-1). */
  readonly hover: (point: number) => void;
  /** The keyboard is there now. */
  readonly focus: (point: number) => void;
  readonly open: (point: number) => void;
  /** Another part is in sight, by keyboard or by a button. */
  readonly moved: () => void;
  /** Drawn around by a person. */
  readonly choose: (points: readonly number[]) => void;
  readonly escape: () => void;
}

/** What a person does to the map by pointer, wheel and keyboard. */
export class MapControls {
  readonly #map: MapCanvas;
  readonly #options: MapControlsOptions;
  /** A drag draws a line around points, as it always does with Shift. */
  drawing = false;
  #focused = -1;
  #drag: { x: number; y: number; readonly draws: boolean; moved: boolean } | undefined;

  constructor(map: MapCanvas, options: MapControlsOptions) {
    this.#map = map;
    this.#options = options;
    const { canvas } = map;
    canvas.addEventListener('pointerdown', event => this.#down(event));
    canvas.addEventListener('pointermove', event => this.#move(event));
    canvas.addEventListener('pointerup', event => this.#up(event));
    canvas.addEventListener('pointercancel', () => this.#endDrag());
    canvas.addEventListener('pointerleave', () => options.hover(-1));
    canvas.addEventListener('wheel', event => this.#wheel(event), { passive: false });
    canvas.addEventListener('keydown', event => this.#key(event));
  }

  /** -1: none */
  get focused(): number {
    return this.#focused;
  }

  set focused(point: number) {
    this.#focused = point;
    this.#options.focus(point);
  }

  /** The point in the middle, where the keyboard begins. */
  focusMiddle(): void {
    const { camera } = this.#map;
    const point = this.#map.pointAt(camera.width / 2, camera.height / 2, camera.width + camera.height);
    if (point >= 0) this.focused = point;
  }

  zoom(steps: number): void {
    const { camera } = this.#map;
    // Where the keyboard is, if that is in sight.
    const { places } = this.#map.points;
    const x = this.#focused < 0 ? -1 : camera.screenX(places[2 * this.#focused]!);
    const y = this.#focused < 0 ? -1 : camera.screenY(places[2 * this.#focused + 1]!);
    const seen = x >= 0 && y >= 0 && x <= camera.width && y <= camera.height;
    camera.zoomAt(seen ? x : camera.width / 2, seen ? y : camera.height / 2, ZOOM_STEP ** steps);
    this.#map.moved();
    this.#options.moved();
  }

  /** Brings all into sight. */
  fit(): void {
    this.#map.fit();
    this.#options.moved();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { camera, canvas, lasso } = this.#map;
    canvas.setPointerCapture(event.pointerId);
    const draws = this.drawing || event.shiftKey;
    this.#drag = { x: event.offsetX, y: event.offsetY, draws, moved: false };
    if (draws) lasso.begin(camera.planeX(event.offsetX), camera.planeY(event.offsetY));
  }

  #move(event: PointerEvent): void {
    const { camera, canvas, lasso } = this.#map;
    const drag = this.#drag;
    if (!drag) {
      this.#options.hover(this.#map.pointAt(event.offsetX, event.offsetY, REACH));
      return;
    }
    if (!drag.moved && Math.hypot(event.offsetX - drag.x, event.offsetY - drag.y) < STILL) return;
    if (!drag.moved) this.#options.hover(-1);
    drag.moved = true;
    canvas.classList.add(drag.draws ? 'map-drawing' : 'map-panning');
    if (drag.draws) {
      lasso.add(camera.planeX(event.offsetX), camera.planeY(event.offsetY));
      this.#map.draw();
    } else {
      camera.pan(event.offsetX - drag.x, event.offsetY - drag.y);
      drag.x = event.offsetX;
      drag.y = event.offsetY;
      this.#map.moved();
    }
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) return;
    if (drag.moved && drag.draws) this.#options.choose(this.#map.lasso.inside(this.#map.points.places));
    else if (!drag.moved) {
      const point = this.#map.pointAt(event.offsetX, event.offsetY, REACH);
      if (point >= 0) {
        this.focused = point;
        this.#options.open(point);
      }
    }
    this.#endDrag();
  }

  #endDrag(): void {
    this.#drag = undefined;
    this.#map.canvas.classList.remove('map-drawing', 'map-panning');
    this.#map.lasso.clear();
    this.#map.draw();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    // Two fingers that spread come as a wheel with Ctrl, in small steps; some wheels count lines.
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.002));
    this.#map.camera.zoomAt(event.offsetX, event.offsetY, factor);
    this.#map.moved();
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow && event.shiftKey) this.#pan(arrow);
    else if (arrow) this.#step(arrow);
    else if (event.key === '+' || event.key === '=') this.zoom(1);
    else if (event.key === '-' || event.key === '_') this.zoom(-1);
    else if (event.key === '0' || event.key === 'Home') this.fit();
    else if (event.key === 'Enter' && this.#focused >= 0) this.#options.open(this.#focused);
    else if (event.key === 'Escape') this.#escape();
    else return;
    event.preventDefault();
  }

  #step(direction: Direction): void {
    if (this.#focused < 0) {
      this.focusMiddle();
      return;
    }
    const { places } = this.#map.points;
    const next = nextPoint(places, this.#focused, direction);
    if (next < 0) return;
    if (this.#map.camera.reveal(places[2 * next]!, places[2 * next + 1]!)) this.#map.moved();
    this.focused = next;
  }

  /** Moves what is seen that way. */
  #pan(direction: Direction): void {
    const { camera } = this.#map;
    const [alongX, alongY] = WAYS[direction];
    camera.pan(-alongX * PAN_SHARE * camera.width, alongY * PAN_SHARE * camera.height);
    this.#map.moved();
    this.#options.moved();
  }

  #escape(): void {
    if (this.#drag) this.#endDrag();
    else this.#options.escape();
  }
}

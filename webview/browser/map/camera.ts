/** Room around what is shown, in CSS pixels. */
const MARGIN = 28;
/** Against all in sight. */
const MOST_ZOOM = 400;
const LEAST_ZOOM = 0.5;

/** Which part of the plane is in sight. Sizes on the screen are CSS pixels; the plane's y grows upwards. */
export class Camera {
  /** What is in the middle. */
  x = 0;
  y = 0;
  /** Pixels a unit. */
  scale = 1;
  width = 1;
  height = 1;
  #fitting = 1;

  /** How much larger than when all is in sight. */
  get zoom(): number {
    return this.scale / this.#fitting;
  }

  screenX(x: number): number {
    return (x - this.x) * this.scale + this.width / 2;
  }

  screenY(y: number): number {
    return (this.y - y) * this.scale + this.height / 2;
  }

  planeX(screenX: number): number {
    return (screenX - this.width / 2) / this.scale + this.x;
  }

  planeY(screenY: number): number {
    return this.y - (screenY - this.height / 2) / this.scale;
  }

  /** Brings all points into sight. @param places x and y of each */
  fit(places: Float32Array): void {
    const middle = this.measure(places);
    if (!middle) return;
    [this.x, this.y] = middle;
    this.scale = this.#fitting;
  }

  /** Shows this part of them. @param zoom see `zoom` */
  see(places: Float32Array, x: number, y: number, zoom: number): void {
    this.measure(places);
    this.x = x;
    this.y = y;
    this.scale = this.#fitting * Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
  }

  /** Another size of the screen shows as large a part of them as before, around the same middle. */
  resize(width: number, height: number, places: Float32Array): void {
    const { x, y, zoom } = this;
    this.width = width;
    this.height = height;
    this.see(places, x, y, zoom);
  }

  /** Learns how large all of them are; what is in sight stays. @returns what is in their middle; undefined: there are none */
  measure(places: Float32Array): readonly [x: number, y: number] | undefined {
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < places.length; i += 2) {
      left = Math.min(left, places[i]!);
      right = Math.max(right, places[i]!);
      bottom = Math.min(bottom, places[i + 1]!);
      top = Math.max(top, places[i + 1]!);
    }
    if (left > right) return undefined;
    const across = Math.max(1, this.width - 2 * MARGIN) / Math.max(right - left, 1e-3);
    const upwards = Math.max(1, this.height - 2 * MARGIN) / Math.max(top - bottom, 1e-3);
    this.#fitting = Math.min(across, upwards);
    return [(left + right) / 2, (bottom + top) / 2];
  }

  /** What is at that point of the screen stays there. */
  zoomAt(screenX: number, screenY: number, factor: number): void {
    const [x, y] = [this.planeX(screenX), this.planeY(screenY)];
    const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, this.zoom * factor));
    this.scale = this.#fitting * zoom;
    this.x += x - this.planeX(screenX);
    this.y += y - this.planeY(screenY);
  }

  pan(dx: number, dy: number): void {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
  }

  /** Brings a point into sight. @returns whether it was out of it */
  reveal(x: number, y: number): boolean {
    const [screenX, screenY] = [this.screenX(x), this.screenY(y)];
    const aside = screenX < 0 || screenX > this.width;
    const above = screenY < 0 || screenY > this.height;
    if (aside) this.x = x;
    if (above) this.y = y;
    return aside || above;
  }
}

/** A line drawn around points. */
export class Lasso {
  /** x and y of its corners, in the plane. */
  #corners = new Float32Array(256);
  #count = 0;

  get corners(): Float32Array {
    return this.#corners.subarray(0, 2 * this.#count);
  }

  begin(x: number, y: number): void {
    this.#count = 0;
    this.add(x, y);
  }

  add(x: number, y: number): void {
    if (2 * this.#count === this.#corners.length) {
      const longer = new Float32Array(this.#corners.length * 2);
      longer.set(this.#corners);
      this.#corners = longer;
    }
    this.#corners[2 * this.#count] = x;
    this.#corners[2 * this.#count + 1] = y;
    this.#count += 1;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Indexes of the points inside, by the rule of odd crossings. @param places x and y of each */
  inside(places: Float32Array): number[] {
    const found: number[] = [];
    for (let i = 0; i < places.length / 2; i++)
      if (this.#holds(places[2 * i]!, places[2 * i + 1]!)) found.push(i);
    return found;
  }

  #holds(x: number, y: number): boolean {
    const { corners } = this;
    let inside = false;
    for (let i = 0, j = corners.length - 2; i < corners.length; j = i, i += 2) {
      const [x1, y1, x2, y2] = [corners[i]!, corners[i + 1]!, corners[j]!, corners[j + 1]!];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  }
}

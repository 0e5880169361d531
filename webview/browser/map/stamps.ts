import { OTHERS } from './kinds.ts';

/** Samples of a pixel along each side. */
const FINE = 4;

/** Whether a place belongs to the shape of a kind; the shape is about 2 wide around the middle. */
const SHAPES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y <= 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.86,
  (x, y) => y <= 0.8 && y >= -1 + 1.8 * Math.abs(x),
  (x, y) => Math.abs(x) + Math.abs(y) <= 1.15,
  (x, y) => -y <= 0.8 && -y >= -1 + 1.8 * Math.abs(x),
  (x, y) => Math.min(Math.abs(x), Math.abs(y)) <= 0.34 && Math.max(Math.abs(x), Math.abs(y)) <= 1.05,
  (x, y) => Math.abs(Math.abs(x) - Math.abs(y)) <= 0.46 && Math.max(Math.abs(x), Math.abs(y)) <= 0.95,
  (x, y) => x * x + y * y <= 1 && x * x + y * y >= 0.3,
];

/** What a point of each kind covers of the pixels around it. */
export interface Stamps {
  /** Pixels along each side; odd. */
  readonly size: number;
  /** `size` x `size` bytes for each kind: 255 is covered, 0 is not. */
  readonly cover: Uint8Array;
}

/** @param radius in pixels of the screen */
export function stampsOf(radius: number): Stamps {
  const size = 2 * Math.ceil(radius * 1.15) + 1;
  const middle = size / 2;
  const cover = new Uint8Array((OTHERS + 1) * size * size);
  for (let kind = 0; kind <= OTHERS; kind++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        let hits = 0;
        for (let i = 0; i < FINE * FINE; i++) {
          const sampleX = x + ((i % FINE) + 0.5) / FINE;
          const sampleY = y + (Math.floor(i / FINE) + 0.5) / FINE;
          if (SHAPES[kind]!((sampleX - middle) / radius, (sampleY - middle) / radius)) hits += 1;
        }
        cover[(kind * size + y) * size + x] = Math.round((hits * 255) / (FINE * FINE));
      }
  return { size, cover };
}

/** What lies beside the way counts so much more than what lies on it. */
const ASIDE = 2;

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Along x and y of the plane. */
export const WAYS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, 1],
  down: [0, -1],
};

/**
 * The point to which an arrow leads: the nearest one in a quarter of the plane, those straight ahead first.
 * @param from one of the points @returns -1: none is there
 */
export function nextPoint(places: Float32Array, from: number, direction: Direction): number {
  const [alongX, alongY] = WAYS[direction];
  const [x, y] = [places[2 * from]!, places[2 * from + 1]!];
  let next = -1;
  let least = Infinity;
  for (let i = 0; i < places.length / 2; i++) {
    const [dx, dy] = [places[2 * i]! - x, places[2 * i + 1]! - y];
    const ahead = dx * alongX + dy * alongY;
    const aside = Math.abs(dx * alongY - dy * alongX);
    if (ahead <= 0 || aside > ahead) continue;
    const distance = ahead + ASIDE * aside;
    if (distance >= least) continue;
    least = distance;
    next = i;
  }
  return next;
}

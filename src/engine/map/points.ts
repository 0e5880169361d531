/** Points of one length, one after another. */
export interface Points {
  readonly dimensions: number;
  /** `dimensions` numbers a point */
  readonly values: Float32Array;
}

export function countOf({ dimensions, values }: Points): number {
  return dimensions === 0 ? 0 : values.length / dimensions;
}

export function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[atA + i]! * b[atB + i]!;
  return sum;
}

export function squaredDistance(
  a: Float32Array,
  atA: number,
  b: Float32Array,
  atB: number,
  length: number,
): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const difference = a[atA + i]! - b[atB + i]!;
    sum += difference * difference;
  }
  return sum;
}

/** Adding and taking it away leaves the nearest integer of what is below 2^51: several times faster than `Math.round`. */
const ROUNDER = 1.5 * 2 ** 52;

/** The largest absolute value. */
export function largest(vector: Float32Array): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = Math.abs(vector[i]!);
    if (value > most) most = value;
  }
  return most;
}

/** The sum of squares. */
export function squaredLength(vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
  return sum;
}

/**
 * Writes `vector / scale`, rounded, plus `shift` as integers.
 * @returns the square of the distance between the vector and what its codes say
 */
export function quantise(
  vector: Float32Array,
  scale: number,
  shift: number,
  codes: Int8Array | Int16Array | Uint8Array,
  at: number,
): number {
  const factor = 1 / scale;
  let error = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!;
    const code = value * factor + ROUNDER - ROUNDER;
    const rest = value - code * scale;
    codes[at + i] = code + shift;
    error += rest * rest;
  }
  return error;
}

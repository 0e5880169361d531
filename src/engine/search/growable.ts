type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Typed arrays that the same row index reads, grown together. */
export function grown<T extends Column>(column: T, length: number): T {
  if (column.length >= length) return column;
  const bigger = new (column.constructor as new (length: number) => T)(
    Math.max(length, Math.ceil(column.length * 1.5), 64),
  );
  bigger.set(column);
  return bigger;
}

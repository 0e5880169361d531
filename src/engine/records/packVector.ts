import { MemoryError } from '../errors.ts';

const BYTES = 4;

/** As float32, little-endian on every machine: 4 bytes a number. Throws `invalid_input` for an empty vector and what is no number. */
export function packVector(vector: Float32Array): Uint8Array {
  if (vector.length === 0 || !vector.every(Number.isFinite)) {
    throw new MemoryError(
      'invalid_input',
      'A vector is empty, or has a number that is not finite.',
      'Give the numbers as the model made them.',
    );
  }
  const bytes = new Uint8Array(vector.length * BYTES);
  const view = new DataView(bytes.buffer);
  vector.forEach((value, i) => {
    view.setFloat32(i * BYTES, value, true);
  });
  return bytes;
}

/** The reverse. Throws `invalid_input` when the bytes are no whole numbers. */
export function unpackVector(bytes: Uint8Array): Float32Array {
  if (bytes.length % BYTES !== 0) {
    throw new MemoryError(
      'invalid_input',
      `A vector has ${bytes.length} bytes, which are no float32 numbers.`,
      'Pack it as float32, little-endian: 4 bytes a number.',
    );
  }
  // The bytes may lie anywhere in a buffer; a Float32Array over them would have to be aligned.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / BYTES }, (_, i) => view.getFloat32(i * BYTES, true));
}

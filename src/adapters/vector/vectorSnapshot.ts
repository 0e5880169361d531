import { crc32 } from 'node:zlib';
import { MemoryError } from '../../engine/errors.ts';
import type { Accuracy } from './codes.ts';
import { Layout, MOST_DIMENSIONS } from './layout.ts';

/** "MCVI", and a number that changes with the layout of rows. */
const MAGIC = 0x4956434d;
const FORMAT = 2;
/** Magic, format, dimensions, rows, row error, row length, CRC-32 of all other bytes, 4 unused; then keys, then blocks of rows. */
const HEADER_BYTES = 32;
const CHECKSUM_AT = 24;

/** What a vector index is made of. */
export interface VectorSnapshot {
  readonly dimensions: number;
  /** By slot. */
  readonly keys: Uint32Array;
  readonly blocks: Uint8Array;
  readonly accuracy: Accuracy;
}

/** As bytes, little-endian whatever the machine. */
export function encodeSnapshot({ dimensions, keys, blocks, accuracy }: VectorSnapshot): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + keys.length * 4 + blocks.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, FORMAT, true);
  header.setUint32(8, dimensions, true);
  header.setUint32(12, keys.length, true);
  header.setFloat32(16, upwards(accuracy.rowError), true);
  header.setFloat32(20, upwards(accuracy.rowLength), true);
  new Uint32Array(bytes.buffer, HEADER_BYTES, keys.length).set(keys);
  bytes.set(blocks, HEADER_BYTES + keys.length * 4);
  header.setUint32(CHECKSUM_AT, checksum(bytes), true);
  return bytes;
}

/** Views of the bytes, but for the keys. Throws `unavailable` when the bytes are damaged or of another format. */
export function decodeSnapshot(bytes: Uint8Array): VectorSnapshot {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) throw useless('is none');
  if (header.getUint32(4, true) !== FORMAT) throw useless('is of another format');
  const dimensions = header.getUint32(8, true);
  const rows = header.getUint32(12, true);
  const keysEnd = HEADER_BYTES + rows * 4;
  if (dimensions < 1 || dimensions > MOST_DIMENSIONS) throw useless('is damaged');
  if (bytes.length !== keysEnd + new Layout(dimensions).bytes(rows)) throw useless('is cut short');
  if (header.getUint32(CHECKSUM_AT, true) !== checksum(bytes)) throw useless('is damaged');
  return {
    dimensions,
    keys: new Uint32Array(bytes.slice(HEADER_BYTES, keysEnd).buffer),
    blocks: bytes.subarray(keysEnd),
    accuracy: { rowError: header.getFloat32(16, true), rowLength: header.getFloat32(20, true) },
  };
}

function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(CHECKSUM_AT + 4), crc32(bytes.subarray(0, CHECKSUM_AT)));
}

/** The next float32 that is not less. */
function upwards(value: number): number {
  const rounded = Math.fround(value);
  return rounded >= value ? rounded : Math.fround(rounded * (1 + 2 ** -23));
}

function useless(what: string): MemoryError {
  return new MemoryError('unavailable', `The snapshot of the vectors ${what}.`, 'Build the index anew.');
}

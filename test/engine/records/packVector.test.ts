import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryError } from '../../../src/engine/errors.ts';
import { packVector, unpackVector } from '../../../src/engine/records/packVector.ts';

describe('a packed vector', () => {
  it('is float32 with the least byte first', () => {
    const packed = packVector(Float32Array.of(1, -2));
    assert.equal(Buffer.from(packed).toString('hex'), '0000803f000000c0');
  });

  it('has 3,072 bytes for 768 numbers', () => {
    assert.equal(packVector(new Float32Array(768)).length, 3_072);
  });

  it('is unpacked to the same bits, wherever its bytes lie', () => {
    const vectors = fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(vectors, fc.nat(7), (vector, offset) => {
        const memory = new Uint8Array(vector.byteLength + offset);
        memory.set(packVector(vector), offset);
        assert.deepEqual(unpackVector(memory.subarray(offset)), vector);
      }),
    );
  });

  it('is refused where a byte is missing', () => {
    assert.throws(
      () => unpackVector(new Uint8Array(7)),
      (error: unknown) => MemoryError.is(error, 'invalid_input'),
    );
  });
});

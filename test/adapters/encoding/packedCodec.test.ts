import assert from 'node:assert/strict';
import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { COMPRESSED_FROM_BYTES, createPackedCodec } from '../../../src/adapters/encoding/packedCodec.ts';
import { zstd as loadZstd } from '../../../src/adapters/encoding/zstd.ts';
import { contentSizeOf, isZstdFrame } from '../../../src/adapters/encoding/zstdFrame.ts';
import { refuses } from '../../contract/records/refuses.ts';

const MAX = 100_000;
const codec = createPackedCodec(MAX);
const values = fc.jsonValue({ maxDepth: 4 }).filter(value => !JSON.stringify(value).includes('"__proto__":'));

describe('the packed codec', () => {
  let zstd: Awaited<ReturnType<typeof loadZstd>>;

  before(async () => {
    zstd = await loadZstd();
  });

  it('gives back what it was given', () =>
    fc.assert(
      fc.asyncProperty(
        values,
        fc.uint8Array(),
        fc.integer({ min: 0, max: 3_000 }),
        async (json, bytes, n) => {
          // JSON has no -0.
          const value = JSON.parse(JSON.stringify({ json, text: 'ä fox '.repeat(n) })) as object;
          const back = await codec.decode(await codec.encode({ ...value, bytes }));
          assert.deepEqual(back, { ...value, bytes });
        },
      ),
    ));

  it('refuses a key that no reader takes, wherever it is, and takes the same text as a value', async () => {
    const odd = JSON.parse('{"list":[{"__proto__":null}]}');
    await refuses('invalid_input', codec.encode(odd));
    const plain = { list: ['__proto__', { key: 'a "__proto__": b' }] };
    assert.deepEqual(await codec.decode(await codec.encode(plain)), plain);
  });

  it('compresses from a size on, where it is worth it', async () => {
    const small = await codec.encode('x'.repeat(COMPRESSED_FROM_BYTES - 10));
    const large = await codec.encode('x'.repeat(COMPRESSED_FROM_BYTES));
    const noise = await codec.encode(crypto.getRandomValues(new Uint8Array(2 * COMPRESSED_FROM_BYTES)));
    assert.deepEqual([small, large, noise].map(isZstdFrame), [false, true, false]);
  });

  it('reads what another program wrote, compressed or not, at any level', async () => {
    const packed = encode({ text: 'short', long: 'long '.repeat(1_000) });
    for (const bytes of [packed, ...[1, 3, 19].map(level => zstd.compress(packed, level))])
      assert.deepEqual(await codec.decode(bytes), { text: 'short', long: 'long '.repeat(1_000) });
  });

  it('knows how large a frame becomes, whatever its size', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), size => {
        assert.equal(contentSizeOf(zstd.compress(new Uint8Array(size), 1)), size);
      }),
    ));

  it('refuses what is too large, before it is unpacked', async () => {
    await refuses('too_large', codec.encode('x'.repeat(MAX)));
    const bomb = zstd.compress(encode('x'.repeat(50_000_000)), 1);
    assert.ok(bomb.length < MAX);
    await assert.rejects(codec.decode(bomb), /too large/);
    // It says that it is small.
    const liar = Uint8Array.from(bomb);
    new DataView(liar.buffer).setUint32(5 + ((liar[4]! & 0x20) === 0 ? 1 : 0), 1_000, true);
    assert.equal(contentSizeOf(liar), 1_000);
    await assert.rejects(codec.decode(liar));
    // It promises four thousand million entries.
    for (const bytes of [
      [0xdd, 255, 255, 255, 255],
      [0xdf, 255, 255, 255, 255],
      [0xdb, 255, 255, 255, 255],
    ])
      await assert.rejects(codec.decode(Uint8Array.from(bytes)));
  });

  it('refuses what is no such value, and goes on', async () => {
    // One byte of a frame is a number.
    const frame = await codec.encode({ text: 'long '.repeat(1_000) });
    await fc.assert(
      fc.asyncProperty(fc.nat(frame.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const damaged = Uint8Array.from(frame);
        damaged[at]! ^= by;
        await codec.decode(damaged).then(
          value => assert.ok(JSON.stringify(value)!.length < 10 * MAX),
          error => assert.ok(error instanceof Error),
        );
        if (at !== 1) await assert.rejects(codec.decode(frame.slice(0, at)));
      }),
    );
    await assert.rejects(codec.decode(encode({ a: 1 }).slice(0, 2)));
    await assert.rejects(codec.decode(Uint8Array.of(1, 2)));
    await assert.rejects(codec.decode(new Uint8Array(0)));
    assert.deepEqual(await codec.decode(frame), { text: 'long '.repeat(1_000) });
  });

  it('refuses values that cannot be written', async () => {
    await refuses('invalid_input', codec.encode({ f: () => 1 }));
    const circle: { self?: unknown } = {};
    circle.self = circle;
    await refuses('invalid_input', codec.encode(circle));
  });
});

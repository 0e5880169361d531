import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '@msgpack/msgpack';
import { zstd as loadZstd } from '../src/adapters/encoding/zstd.ts';
import { packageRoot } from '../src/main/assets.ts';
import { randomUnit, seeded } from '../test/fixtures/vectors.ts';
import type { BenchResult } from './benchResult.ts';
import { syntheticMemories } from './corpus.ts';
import { median } from './statistics.ts';

const SAMPLES = 60;
const ROUNDS = 15;
const LEVEL = 1;
const PIECE_BYTES = [256, 512, 1_024, 2_048, 4_096, 16_384] as const;

/** What caches hold, as it is and compressed: from which size on that is worth its time. */
export async function encodingBench(): Promise<BenchResult[]> {
  const zstd = await loadZstd();
  const kind = (name: string, values: readonly unknown[]) => measure(zstd, name, values);
  return [
    ...kind('search response', responses()),
    ...kind('vector of 384 numbers', vectors()),
    ...kind('tool result in JSON', toolResults()),
    ...PIECE_BYTES.flatMap(bytes => kind(`Markdown of ${bytes} bytes`, pieces(bytes))),
  ];
}

function measure(
  zstd: Awaited<ReturnType<typeof loadZstd>>,
  name: string,
  values: readonly unknown[],
): BenchResult[] {
  const packed = values.map(value => encode(value, { ignoreUndefined: true }));
  const frames = packed.map(bytes => zstd.compress(bytes, LEVEL));
  const size = (list: readonly Uint8Array[]) => median(list.map(bytes => bytes.length));
  const json = values.map(value => Buffer.from(JSON.stringify(value, (_, part) => plain(part))));
  return [
    { name: `${name}: JSON`, value: size(json), unit: 'bytes' },
    { name: `${name}: MessagePack`, value: size(packed), unit: 'bytes' },
    { name: `${name}: compressed to`, value: (100 * size(frames)) / size(packed), unit: '%' },
    { name: `${name}: packed in`, value: micros(values, value => encode(value)), unit: 'µs' },
    { name: `${name}: unpacked in`, value: micros(packed, bytes => decode(bytes)), unit: 'µs' },
    {
      name: `${name}: compressed in`,
      value: micros(packed, bytes => zstd.compress(bytes, LEVEL)),
      unit: 'µs',
    },
    { name: `${name}: decompressed in`, value: micros(frames, frame => zstd.decompress(frame)), unit: 'µs' },
  ];
}

/** Of one value, the median of several rounds. */
function micros<T>(values: readonly T[], work: (value: T) => unknown): number {
  const round = () => {
    const began = performance.now();
    for (const value of values) work(value);
    return ((performance.now() - began) * 1e3) / values.length;
  };
  round();
  return median(Array.from({ length: ROUNDS }, round));
}

function plain(part: unknown): unknown {
  return part instanceof Uint8Array ? [...new Float32Array(part.slice().buffer)] : part;
}

/** Eight hits with their contents, as a service answers. */
function responses(): unknown[] {
  const random = seeded(3);
  const notes = [...syntheticMemories(SAMPLES * 8)];
  return Array.from({ length: SAMPLES }, (_, i) => ({
    mode: 'hybrid',
    memories: notes.slice(i * 8, i * 8 + 8).map((note, at) => ({
      id: `019aa${i}c2-${at}f3a-7bb1-9d2e-${Math.floor(random() * 1e12)}`,
      score: random(),
      parts: { words: random(), meaning: random(), recency: random(), priority: 0.1, length: random() },
      ...note,
    })),
  }));
}

function vectors(): unknown[] {
  const random = seeded(4);
  return Array.from({ length: SAMPLES }, () => ({ vector: new Uint8Array(randomUnit(384, random).buffer) }));
}

/** What a tool that lists packages answers. */
function toolResults(): unknown[] {
  const lock = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, unknown>;
  };
  const entries = Object.entries(lock.packages).slice(1);
  return Array.from({ length: SAMPLES }, (_, i) => Object.fromEntries(entries.slice(i * 6, i * 6 + 6)));
}

function pieces(bytes: number): unknown[] {
  const folder = join(packageRoot, 'docs');
  const text = readdirSync(folder)
    .filter(file => file.endsWith('.md'))
    .sort()
    .map(file => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const step = Math.floor((text.length - bytes) / SAMPLES);
  return Array.from({ length: SAMPLES }, (_, i) => text.slice(i * step, i * step + bytes));
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { openScan } from '../src/adapters/vector/openScan.ts';
import { bestKernel, type Kernel } from '../src/adapters/vector/scanModule.ts';
import { createVectorIndexFactory } from '../src/adapters/vector/wasmVectorIndex.ts';
import { packageRoot } from '../src/main/assets.ts';
import { node24 } from '../test/fixtures/node24.ts';
import { dotProduct } from '../test/fixtures/vectors.ts';
import { wasmDirectory } from '../test/fixtures/wasm.ts';
import type { BenchResult } from './benchResult.ts';
import { clusteredVectors, miniLmVectors, type VectorSource } from './scanVectors.ts';
import { median } from './statistics.ts';

const LIMIT = 10;
/** Candidates of a scan, as the index takes them for ten neighbours. */
const CANDIDATES = 40;
const SECONDS = 2;
const FILTER = 0.01;

/** At most so many times a WASM read of the same codes. */
const TARGETS: Readonly<Record<Kernel, ReadonlyMap<number, number>>> = {
  relaxed: new Map([
    [10_000, 2.0],
    [100_000, 1.4],
    [1_000_000, 1.2],
  ]),
  portable: new Map([
    [10_000, 3.6],
    [100_000, 1.7],
    [1_000_000, 1.4],
  ]),
};

export interface ScanBenchOptions {
  /** Default: 10,000 and 100,000. */
  readonly sizes?: readonly number[];
  /** Default: every kernel; the one with relaxed SIMD on Node 24 where this Node has none. */
  readonly kernels?: readonly Kernel[];
  /** Default: MiniLM's vectors of documentation. */
  readonly vectors?: VectorSource;
}

/** The scan alone, as a ratio to a read of the same codes in the same process, and what it finds against float32. */
export async function scanBench(options: ScanBenchOptions = {}): Promise<BenchResult[]> {
  const { sizes = [10_000, 100_000], kernels = ['portable', 'relaxed'] } = options;
  const vectors = options.vectors ?? (await miniLmVectors());
  const results: BenchResult[] = [];
  for (const kernel of kernels) {
    if (kernel === 'relaxed' && bestKernel() !== 'relaxed') {
      results.push(...(await relaxedElsewhere(sizes, vectors.name)));
      continue;
    }
    for (const size of sizes) {
      results.push(...(await speed(kernel, size, vectors)), await recall(kernel, size, vectors));
    }
  }
  return results;
}

async function speed(kernel: Kernel, size: number, source: VectorSource): Promise<BenchResult[]> {
  const { codes, scanner, read } = openScan(await wasmDirectory(), kernel, source.dimensions);
  for (let i = 0; i < size; i++) codes.write(i, source.vector(i));
  const few = Int32Array.from({ length: size * FILTER }, (_, i) => Math.floor(i / FILTER) + ((i * 37) % 100));
  let turn = 0;
  const search = (among?: Int32Array) => {
    scanner.aim(source.queries[turn++ % source.queries.length]!);
    scanner.best(CANDIDATES, among);
  };
  const times = rounds([read, () => search(), () => search(few)]);
  const ratio = median(times.map(([reading, scanning]) => scanning! / reading!));
  const target = TARGETS[kernel].get(size);
  const share = median(times.map(([, scanning, filtering]) => filtering! / scanning!));
  const name = nameOf(kernel, size);
  return [
    { name: `${name}: a read of the codes`, value: median(times.map(([reading]) => reading!)), unit: 'ms' },
    { name: `${name}: a scan`, value: median(times.map(([, scanning]) => scanning!)), unit: 'ms' },
    {
      name: `${name}: a scan against a read`,
      value: ratio,
      unit: 'x',
      ...(target !== undefined && { target: `<= ${target}`, met: ratio <= target }),
    },
    {
      name: `${name}: a 1 % filter against a full scan`,
      value: share,
      unit: 'x',
      target: '<= 0.15',
      met: share <= 0.15,
    },
  ];
}

async function recall(kernel: Kernel, size: number, source: VectorSource): Promise<BenchResult> {
  const { dimensions } = source;
  using index = createVectorIndexFactory({ directory: await wasmDirectory(), kernel }).create(dimensions);
  const queries = source.queries.slice(0, Math.max(10, Math.min(200, 2_000_000 / size)));
  const exact = queries.map(() => [] as { key: number; score: number }[]);
  for (let key = 0; key < size; key++) {
    const vector = source.vector(key);
    index.upsert(key, vector);
    for (const [i, query] of queries.entries()) insert(exact[i]!, key, dotProduct(query, vector));
  }
  let found = 0;
  for (const [i, query] of queries.entries()) {
    const neighbours = await index.nearest(query, LIMIT, {
      read: async keys => {
        const vectors = new Float32Array(keys.length * dimensions);
        for (const [at, key] of keys.entries()) vectors.set(source.vector(key), at * dimensions);
        return vectors;
      },
    });
    const keys = new Set(exact[i]!.map(({ key }) => key));
    found += neighbours.filter(({ key }) => keys.has(key)).length;
  }
  const value = found / (queries.length * LIMIT);
  const name = `${nameOf(kernel, size)}: recall@${LIMIT} of ${queries.length} queries, ${source.name}`;
  return { name, value, unit: '', target: '>= 0.999', met: value >= 0.999 };
}

/** Keeps the best, nearest first. */
function insert(best: { key: number; score: number }[], key: number, score: number): void {
  if (best.length === LIMIT && score <= best[LIMIT - 1]!.score) return;
  let at = best.length;
  while (at > 0 && best[at - 1]!.score < score) at -= 1;
  best.splice(at, 0, { key, score });
  best.length = Math.min(best.length, LIMIT);
}

/** Milliseconds of each at its fastest, round by round: what slows the machine for a while slows all of a round. */
function rounds(works: readonly (() => void)[]): number[][] {
  const times: number[][] = [];
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end; ) {
    times.push(
      works.map(work => {
        let best = Number.POSITIVE_INFINITY;
        for (let burst = 0; burst < 5; burst++) {
          const started = performance.now();
          work();
          best = Math.min(best, performance.now() - started);
        }
        return best;
      }),
    );
  }
  return times;
}

function nameOf(kernel: Kernel, size: number): string {
  return `scan, ${kernel} SIMD, ${size} x 384`;
}

async function relaxedElsewhere(sizes: readonly number[], vectors: string): Promise<BenchResult[]> {
  const program = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(
    await node24(),
    [
      '--import',
      'tsx',
      program,
      '--json',
      '--kernel',
      'relaxed',
      '--sizes',
      sizes.join(),
      '--vectors',
      vectors,
    ],
    { cwd: packageRoot, maxBuffer: 2 ** 24 },
  );
  return JSON.parse(stdout) as BenchResult[];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean' },
      json: { type: 'boolean' },
      kernel: { type: 'string' },
      sizes: { type: 'string' },
      vectors: { type: 'string' },
    },
  });
  const full = values.full ? [10_000, 100_000, 1_000_000] : undefined;
  const sizes = values.sizes?.split(',').map(Number) ?? full;
  const results = await scanBench({
    ...(sizes && { sizes }),
    ...(values.kernel && { kernels: [values.kernel as Kernel] }),
    vectors: values.vectors === 'clusters' ? clusteredVectors() : await miniLmVectors(),
  });
  if (values.json) console.log(JSON.stringify(results));
  else console.table(results);
}

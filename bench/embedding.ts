import { readFileSync } from 'node:fs';
import { createOnnxEmbedder } from '../src/adapters/onnx/onnxEmbedder.ts';
import type { Embedder } from '../src/engine/ports/embedder.ts';
import { builtFile, mediaFile } from '../src/main/assets.ts';
import type { BenchResult } from './benchResult.ts';
import { type PythonEmbedder, startPythonEmbedder } from './pythonEmbedder.ts';
import { median } from './statistics.ts';

const ROUNDS = 9;
const ROUND_SECONDS = 0.5;
/** Each is one token of the model. */
const WORDS = 'tree house river stone green water night light story world music table paper glass'.split(' ');

/** Speed of embedding through the whole path, against Python's onnxruntime in the same run, one thread each. Needs `dist/`. */
export async function embeddingBench(): Promise<BenchResult[]> {
  let pid = 0;
  const silent = () => {};
  const logger = {
    debug: (_: string, fields?: Readonly<Record<string, unknown>>) => {
      pid = Number(fields?.['pid'] ?? pid);
    },
    info: silent,
    warn: silent,
    error: silent,
  };
  const options = {
    program: builtFile('embedder.js'),
    modelDirectory: mediaFile('models', 'all-MiniLM-L6-v2'),
    logger,
    threads: 1,
  };
  const loads: number[] = [];
  for (let i = 0; i < 5; i++) {
    await using fresh = createOnnxEmbedder(options);
    loads.push(await milliseconds(() => fresh.embed([text(16)])));
  }
  await using python = await startPythonEmbedder();
  await using embedder = createOnnxEmbedder(options);
  const short = text(16);
  const one = await compare(
    embedder,
    python,
    Array.from({ length: 32 }, () => short),
    [short],
  );
  const alone = await compare(embedder, python, [short], [short]);
  const eight = Array.from({ length: 8 }, () => text(128));
  const eights = await compare(embedder, python, eight, eight);
  const rates = { texts: 'texts/s', times: '× Python' };
  const notes = Array.from({ length: 1_000 }, (_, i) => text(20 + (i % 21)));
  const notesMs = await milliseconds(() => embedder.embed(notes));
  return [
    { name: 'embedding, 16 tokens one by one in calls of 32', value: one.ours, unit: rates.texts },
    target('embedding, 16 tokens one by one in calls of 32, against Python', one.ratio, rates.times, 0.9),
    {
      name: 'embedding, 16 tokens, a call for each text, one after the other',
      value: alone.ours,
      unit: rates.texts,
    },
    target(
      'embedding, a call for each text, against Python within its own process',
      alone.ratio,
      rates.times,
      0.9,
    ),
    { name: 'embedding, 128 tokens in eights', value: eights.ours, unit: rates.texts },
    target('embedding, 128 tokens in eights, against Python', eights.ratio, rates.times, 0.9),
    { name: 'embedding, 1,000 notes of 20 to 40 tokens', value: 1e6 / notesMs, unit: rates.texts },
    { name: 'embedding, first call of a fresh process', value: median(loads), unit: 'ms' },
    { name: 'embedding, memory of the process', value: residentMb(pid), unit: 'MB' },
    { name: 'embedding, memory of its host', value: process.memoryUsage().rss / 1e6, unit: 'MB' },
  ];
}

/**
 * Ours and Python's in turns, so that what else the machine does meets both; the ratio is the median over the rounds.
 *
 * @param call the texts of each call to us; we compute them one by one
 * @param batch the texts of each batch of Python's
 */
async function compare(
  embedder: Embedder,
  python: PythonEmbedder,
  call: readonly string[],
  batch: readonly string[],
) {
  const ours: number[] = [];
  const ratios: number[] = [];
  await embedder.embed(call);
  for (let round = 0; round < ROUNDS; round++) {
    const their = await python.rate(batch, ROUND_SECONDS);
    const our = await rate(embedder, call);
    ours.push(our);
    ratios.push(our / their);
  }
  return { ours: median(ours), ratio: median(ratios) };
}

async function rate(embedder: Embedder, texts: readonly string[]): Promise<number> {
  const started = performance.now();
  let done = 0;
  while (performance.now() - started < ROUND_SECONDS * 1_000) {
    await embedder.embed(texts);
    done += texts.length;
  }
  return done / ((performance.now() - started) / 1_000);
}

/** A text of so many tokens, `[CLS]` and `[SEP]` among them. */
function text(tokens: number): string {
  return Array.from({ length: tokens - 2 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' ');
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Linux tells; elsewhere NaN. */
function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_000;
  } catch {
    return Number.NaN;
  }
}

function target(name: string, value: number, unit: string, least: number): BenchResult {
  return { name, value, unit, target: `>= ${least}`, met: value >= least };
}

import { readFileSync } from 'node:fs';
import type { Client } from '@modelcontextprotocol/client';
import { callTool, clientOf, stdioTransport } from '../test/fixtures/mcpClient.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from './benchResult.ts';
import { fdatasyncTimer, median, quantile } from './statistics.ts';

const BATCH = 100;
const SAMPLES = 200;
const PAUSE_MS = 20;
/** After this long without work the model's process ends. */
const IDLE_SECONDS = 3;
/** Then the process tidies up, in two steps. */
const TIDY_SECONDS = 7;

export interface RecallBenchOptions {
  /** Texts to remember, all different. */
  readonly memories: readonly string[];
  /** At least 250, all different, so that no answer comes from the cache of questions. */
  readonly questions: readonly string[];
  readonly node?: string;
}

/** The whole way of a real client over stdio, the embedding of the question included: storing, recalling, memory, import. */
export async function recallBench({ memories, questions, node }: RecallBenchOptions): Promise<BenchResult[]> {
  await using home = await temporaryFolder();
  const { client, rss } = await connect(home.path, node);
  const label = `MCP, ${memories.length} memories`;
  const large = memories.length > 10_000;

  const began = performance.now();
  for (let at = 0; at < memories.length; at += BATCH)
    await importBatch(client, memories.slice(at, at + BATCH));
  const stored = (performance.now() - began) / 1000;
  let busiest = 0;
  for (;;) {
    busiest = Math.max(busiest, rss());
    if (Number((await callTool(client, 'memory_stats', {}))['pending_embeddings']) === 0) break;
    await sleep(250);
  }
  const embedded = (performance.now() - began) / 1000;

  await recallTimes(client, questions.slice(0, 20));
  const recalls = await recallTimes(client, questions.slice(20, 20 + SAMPLES));
  const stores = await storeTimes(client, fdatasyncTimer(home.path));
  const rested = async (resident: () => number) => {
    await sleep((IDLE_SECONDS + TIDY_SECONDS) * 1000);
    return resident();
  };
  const idleAfterAll = await rested(rss);
  const [first] = await recallTimes(client, questions.slice(-1));
  await client.close();
  const reader = await connect(home.path, node);
  await recallTimes(reader.client, questions.slice(0, 50));
  const idle = await rested(reader.rss);
  await reader.client.close();
  return [
    { name: 'one fdatasync of this disk after a pause, p50', value: median(stores.syncs), unit: 'ms' },
    atMost(
      `${label}: store acknowledged, p50 beyond one fdatasync`,
      median(stores.times) - median(stores.syncs),
      'ms',
      1,
    ),
    atMost(`${label}: store acknowledged, p95`, quantile(stores.times, 0.95), 'ms', 10),
    atMost(`${label}: recall, p50`, quantile(recalls, 0.5), 'ms', large ? Number.POSITIVE_INFINITY : 8),
    atMost(`${label}: recall, p95`, quantile(recalls, 0.95), 'ms', large ? 40 : 15),
    atMost(`${label}: first recall after the model's end`, first!, 'ms', 400),
    { name: `${label}: stored in batches`, value: memories.length / stored, unit: '1/s' },
    { name: `${label}: stored and embedded`, value: memories.length / embedded, unit: '1/s' },
    atMost(`${label}: resident while embedding`, busiest, 'MB', large ? Number.POSITIVE_INFINITY : 300),
    atMost(
      `${label}: resident when idle, after 50 recalls`,
      idle,
      'MB',
      large ? Number.POSITIVE_INFINITY : 120,
    ),
    {
      name: `${label}: resident when idle, in the process that stored them all`,
      value: idleAfterAll,
      unit: 'MB',
    },
  ];
}

/** A client of its own process on this data. */
async function connect(
  home: string,
  node: string | undefined,
): Promise<{ client: Client; rss: () => number }> {
  const transport = await stdioTransport({
    home,
    env: {
      EMBEDDING_PROVIDER: 'local',
      EMBEDDING_IDLE_SECONDS: String(IDLE_SECONDS),
      MEMORY_NAMESPACE: 'bench',
    },
    ...(node !== undefined && { node }),
  });
  const client = clientOf('2025-11-25');
  await client.connect(transport);
  return { client, rss: () => residentMb(transport.pid!) };
}

function atMost(name: string, value: number, unit: string, limit: number): BenchResult {
  return Number.isFinite(limit)
    ? { name, value, unit, target: `<= ${limit}`, met: value <= limit }
    : { name, value, unit };
}

async function importBatch(client: Client, texts: readonly string[]): Promise<void> {
  const operations = texts.map(content => ({ op: 'store_memory', args: { content } }));
  const { failed } = await callTool(client, 'batch_operations', { operations, atomic: true });
  if (Number(failed) > 0) throw new Error(`${failed} memories were refused`);
}

async function recallTimes(client: Client, questions: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const query of questions) {
    const began = performance.now();
    const { mode } = await callTool(client, 'semantic_search', { query });
    times.push(performance.now() - began);
    if (String(mode) !== 'hybrid') throw new Error(`recall was ${String(mode)}`);
  }
  return times;
}

/** Stores with pauses, as agents do, so that the embedding of one is not measured with the next; the disk's own time likewise. */
async function storeTimes(
  client: Client,
  fdatasync: () => number,
): Promise<{ times: number[]; syncs: number[] }> {
  const times: number[] = [];
  const syncs: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    await sleep(PAUSE_MS);
    syncs.push(fdatasync());
    await sleep(PAUSE_MS);
    const began = performance.now();
    await callTool(client, 'store_memory', { content: `Measurement ${i}: a note as short as most are.` });
    times.push(performance.now() - began);
  }
  return { times, syncs };
}

/** Of the process alone, without the model's; NaN where there is no /proc. */
function residentMb(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/main/assets.ts';
import type { BenchResult } from './benchResult.ts';
import { cachesBench } from './caches.ts';
import { centralBench } from './central.ts';
import { compactionBench } from './compaction.ts';
import { recallQuestions, syntheticMemories } from './corpus.ts';
import { browserBench } from './editor/browserBench.ts';
import { editorBench } from './editor/editorBench.ts';
import { sidebarBench } from './editor/sidebarBench.ts';
import { embeddingBench } from './embedding.ts';
import { encodingBench } from './encoding.ts';
import { importBench } from './import.ts';
import { jobsBench } from './jobs.ts';
import { lanBench } from './lan.ts';
import { mapBench } from './map.ts';
import { observabilityBench } from './observability.ts';
import { developerBench } from './ranking/developer/developerBench.ts';
import { recallBench } from './recall.ts';
import { scanBench } from './scan.ts';
import { serverBench } from './server.ts';
import { serverSearchBench } from './serverSearch.ts';
import { MIXES, sizesBench } from './sizes.ts';
import { startBench } from './start.ts';
import { storeBench } from './store.ts';
import { tasksBench } from './tasks.ts';

const QUESTIONS = 260;
const PAGE = join(packageRoot, 'docs', 'benchmarks.md');

const recall = (count: number) =>
  recallBench({
    memories: Array.from(syntheticMemories(count), memory => memory.content),
    questions: recallQuestions(QUESTIONS),
  });

const BENCHES: Readonly<Record<string, (full: boolean) => Promise<BenchResult[]>>> = {
  start: () => startBench(),
  scan: full => scanBench(full ? { sizes: [10_000, 100_000, 1_000_000] } : {}),
  embedding: () => embeddingBench(),
  store: full => storeBench(full ? 100_000 : 10_000),
  import: () => importBench(),
  'central Redis': () => centralBench(),
  tasks: full => tasksBench(full),
  jobs: full => jobsBench(full ? { jobs: 5_000, rounds: 6 } : { jobs: 1_000, rounds: 4 }),
  'search on the server': full => serverSearchBench(full ? 100_000 : 10_000),
  'machines of a LAN': full =>
    lanBench({
      memories: full ? 100_000 : 10_000,
      machines: 5,
      clients: 50,
      rate: 50,
      seconds: full ? 60 : 15,
    }),
  'central server': full => serverBench({ memories: full ? 100_000 : 10_000, seconds: full ? 60 : 15 }),
  observability: () => observabilityBench(),
  'memory of the central Redis': full =>
    sizesBench({ mixes: MIXES, memories: full ? [10_000, 100_000] : [10_000], each: 1_000 }),
  caches: () => cachesBench(),
  encoding: () => encodingBench(),
  compaction: full => compactionBench(full ? 100_000 : 10_000),
  map: full => mapBench(full ? [10_000, 20_000] : [5_000]),
  'in VS Code': () => editorBench(),
  'side bar': () => sidebarBench(),
  'memory browser': full => browserBench(full ? 100_000 : 10_000),
  recall: () => recall(10_000),
  'recall at 100k': async full => (full ? recall(100_000) : []),
  'ranking for developers': () => developerBench(),
};

/**
 * `npm run bench -- [--full] [--only start,scan] [--write]`: figures of this machine, with the targets beside them; `--write` puts them into
 * docs/benchmarks.md, where those of benchmarks that did not run stay. Compare ratios of one run; single times are the machine's as much as ours. Needs `npm run build`.
 */
async function run(): Promise<void> {
  const full = process.argv.includes('--full');
  const at = process.argv.indexOf('--only');
  const only = at < 0 ? undefined : process.argv[at + 1]!.split(',');
  const unknown = only?.filter(name => !(name in BENCHES)) ?? [];
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}: ${Object.keys(BENCHES).join(', ')}.`);
  const sections = new Map<string, string>();
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (only && !only.includes(name)) continue;
    const results = await bench(full);
    if (results.length === 0) continue;
    const rows = results.map(row);
    console.log(`\n${name}\n${rows.join('\n')}`);
    sections.set(name, section(name, rows));
  }
  if (process.argv.includes('--write')) writeFileSync(PAGE, page(new Map([...kept(), ...sections])));
}

function row({ name, value, unit, target, met }: BenchResult): string {
  const shown = Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return `| ${name} | ${shown} ${unit} | ${target ?? ''} | ${met === undefined ? '' : met ? 'yes' : 'no'} |`;
}

function section(name: string, rows: readonly string[]): string {
  const [first] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const memory = Math.round(totalmem() / 2 ** 30);
  return `## ${name}

${date}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores of ${first?.model ?? 'an unknown processor'}, ${memory} GiB.

| | figure | target | met |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** The sections of the page as it is. */
function kept(): Map<string, string> {
  const text = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  const [, ...parts] = text.split(/^(?=## )/m);
  return new Map(parts.map(part => [/^## (.*)/.exec(part)![1]!, `${part.trim()}\n`]));
}

function page(sections: ReadonlyMap<string, string>): string {
  const known = Object.keys(BENCHES).flatMap(name => sections.get(name) ?? []);
  return `# Benchmarks

Written by \`npm run bench -- --full --write\`. Machines are noisy: compare the ratios, which come from one run. How well recall ranks is in
[ranking.md](ranking.md).

${known.join('\n')}`;
}

await run();

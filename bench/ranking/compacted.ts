import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../src/adapters/sqlite/openEmbeddedStore.ts';
import { createVectorIndexFactory } from '../../src/adapters/vector/wasmVectorIndex.ts';
import { Compaction } from '../../src/engine/compaction/compaction.ts';
import { builtFile } from '../../src/main/assets.ts';
import { draft } from '../../test/fixtures/drafts.ts';
import { never } from '../../test/fixtures/engine.ts';
import { silent } from '../../test/fixtures/logger.ts';
import { sealer } from '../../test/fixtures/sealer.ts';
import { caller, MODEL } from '../centralClient.ts';
import { fill } from '../serverSearchMachine.ts';
import { loadDeveloperSet } from './developer/developerQuestions.ts';
import { answer, type CorpusEntry, embedAll, judge, type Question } from './evaluate.ts';

/** Of so many memories one was stored twice, in nearly the same words. */
const TWICE = 10;

/**
 * `tsx bench/ranking/compacted.ts [package…]`: how well the shipped ranking answers developers' questions about these packages (default: all), when
 * each tenth memory was stored twice, and after compaction has merged what says the same.
 */
async function run(): Promise<void> {
  const { corpus, questions } = loadDeveloperSet();
  const names = process.argv.slice(2);
  const asked = questions.filter(one => names.length === 0 || names.includes(one.package));
  const once = corpus.filter(
    one => names.length === 0 || names.some(name => one.path.startsWith(`${name}/`)),
  );
  const again = once
    .filter((_, i) => i % TWICE === 0)
    .map(one => ({ ...one, id: `${one.id} again`, text: `${one.text.replace(/\s+/g, ' ')}.` }));
  const known = new Set(again.map(one => one.id));
  const twice = [...once, ...again];
  const both = asked.map(one => ({
    ...one,
    evidence: one.evidence.flatMap(id => (known.has(`${id} again`) ? [id, `${id} again`] : [id])),
  }));
  print('stored once', once, await answer(once, asked));
  print('every tenth stored twice', twice, await answer(twice, both));
  const merged = await compacted(twice);
  const left = twice.filter(one => !merged.has(one.id));
  const evidence = (one: Question) => ({
    ...one,
    evidence: [...new Set(one.evidence.map(id => merged.get(id) ?? id))],
  });
  print('after compaction', left, await answer(left, both.map(evidence)));
}

/** @returns the memory that took each in */
async function compacted(corpus: readonly CorpusEntry[]): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'memory-central-bench-'));
  try {
    const clock = { now: () => Date.now() };
    await using store = await openEmbeddedStore({
      path: join(folder, 'memory.db'),
      ...{ clock, identity, sealer, logger: silent },
    });
    const vectors = await embedAll(corpus.map(one => one.text));
    const vectorOf = new Map(corpus.map((one, i) => [one.id, vectors[i]!]));
    const notes = corpus.map(({ id, session, text }) => draft(text, { id, session: session ?? null }));
    await fill(store, notes, id => vectorOf.get(id)!);
    const vectorIndexes = createVectorIndexFactory({ directory: builtFile('') });
    const compaction = new Compaction({
      ...{ store, contexts: store.work.contexts, clock, identity, logger: silent },
      ...{ vectors: vectorIndexes, model: MODEL.id, threshold: 0.9, unreviewed: true },
    });
    const { groups } = await compaction.run({ dryRun: false }, caller, never);
    return new Map(
      groups.flatMap(({ others, survivor }) => others.map(({ memory }) => [memory.id, survivor.id] as const)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(name: string, corpus: readonly unknown[], judged: Parameters<typeof judge>[0]): void {
  const { found5, mrr10, questions } = judge(judged);
  console.log(
    `${name.padEnd(26)} ${corpus.length} memories, ${questions} questions  recall@5 ${found5.toFixed(3)}  MRR@10 ${mrr10.toFixed(3)}`,
  );
}

await run();

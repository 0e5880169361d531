import { join } from 'node:path';
import { identity } from '../src/adapters/node/identity.ts';
import { viewerOf } from '../src/engine/model/caller.ts';
import type { SearchHit } from '../src/engine/search/searchQuery.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import { openSearchIndex } from '../test/fixtures/searchIndex.ts';
import type { BenchResult } from './benchResult.ts';
import { caller, MODEL } from './centralClient.ts';
import { loadDeveloperSet } from './ranking/developer/developerQuestions.ts';
import { embedAll, judge } from './ranking/evaluate.ts';
import { fill, untilProjected, WHERE } from './serverSearchMachine.ts';

const PLACES = ['process', 'server'] as const;
const NEAREST = 10;

/** How well developers' questions are answered in either place, and how alike the answers are. See docs/ranking.md. */
export async function serverSearchQuality(folder: string, port: number): Promise<BenchResult[]> {
  const { corpus, questions } = loadDeveloperSet();
  await using machine = await openMachine({ path: join(folder, 'quality.db'), port, prefix: 'quality:' });
  const drafts = corpus.map(({ createdAt = 0, id, session = null, text }) =>
    // Some texts occur twice, and are two here.
    draft(text, { id, session, createdAt, contentHash: identity.sha256(`${id} ${text}`) }),
  );
  const vectors = await embedAll(corpus.map(({ text }) => text));
  const places = new Map(corpus.map(({ id }, i) => [id, i]));
  await fill(machine, drafts, id => vectors[places.get(id)!]!);
  const asked = await embedAll(questions.map(({ question }) => question));
  const now = Math.max(...corpus.map(({ createdAt = 0 }) => createdAt)) + 1;
  const found: (readonly SearchHit[])[][] = [];
  for (const place of PLACES) {
    await using index = await openSearchIndex(machine, { folder, place, model: MODEL, memoryMb: 100_000 });
    const ask = (text: string, vector: Float32Array) =>
      index.search({ text, vector, viewer: viewerOf(caller), limit: NEAREST, now });
    if (place === 'server') {
      await ask('x', asked[0]!);
      await untilProjected(machine, corpus.length);
    }
    const hits: (readonly SearchHit[])[] = [];
    for (const [i, { question }] of questions.entries()) hits.push(await ask(question, asked[i]!));
    found.push(hits);
  }
  const [here = [], there = []] = found;
  const alike = here.map((hits, i) => {
    const others = new Set(there[i]!.map(hit => hit.id));
    return hits.filter(hit => others.has(hit.id)).length / Math.max(1, hits.length);
  });
  return [
    ...PLACES.flatMap((place, i) => {
      const { found5, mrr10 } = judge(questions.map((question, j) => ({ question, hits: found[i]![j]! })));
      return [
        { name: `developers’ questions, ${WHERE[place]}: recall@5`, value: found5, unit: '' },
        { name: `developers’ questions, ${WHERE[place]}: MRR@10`, value: mrr10, unit: '' },
      ];
    }),
    {
      name: 'developers’ questions: of the first 10 found in the process, found on the server too',
      value: alike.reduce((sum, share) => sum + share, 0) / alike.length,
      unit: '',
    },
  ];
}

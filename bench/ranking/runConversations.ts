import { loadConversations } from './conversations.ts';
import { answer, type Judged, judge } from './evaluate.ts';
import { fitWeights, ONES } from './fitWeights.ts';

/** Candidates that the fit sees of each question. */
const CANDIDATES = 300;

/** `tsx bench/ranking/runConversations.ts`: the shipped ranking on conversations, and weights fitted with one left out in turn. */
async function run(): Promise<void> {
  const conversations = loadConversations();
  for (const lexical of [true, false]) {
    const all: Judged[] = [];
    for (const { name, corpus, questions } of conversations) {
      const judged = await answer(corpus, questions, { lexical });
      all.push(...judged);
      print(name, judged);
    }
    print(lexical ? 'shipped weights, by words only' : 'shipped weights, hybrid', all);
  }
  const features = await Promise.all(
    conversations.map(({ corpus, questions }) =>
      answer(corpus, questions, { weights: ONES, limit: CANDIDATES }),
    ),
  );
  const left: Judged[] = [];
  for (const [i, { name, corpus, questions }] of conversations.entries()) {
    const weights = fitWeights(features.filter((_, other) => other !== i).flat());
    const judged = await answer(corpus, questions, { weights });
    left.push(...judged);
    print(`${name} left out`, judged);
    console.log(
      `  ${Object.entries(weights)
        .map(([feature, weight]) => `${feature} ${weight.toFixed(3)}`)
        .join(', ')}`,
    );
  }
  print('each left out in turn', left);
}

function print(name: string, judged: readonly Judged[]): void {
  const { questions, recall5, recall10, mrr10 } = judge(judged);
  console.log(
    `${name.padEnd(30)} ${questions} questions  recall@5 ${recall5.toFixed(3)}  recall@10 ${recall10.toFixed(3)}  MRR@10 ${mrr10.toFixed(3)}`,
  );
}

await run();

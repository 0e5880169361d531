import { loadConversations } from './conversations.ts';
import { answer, type Judged, judge } from './evaluate.ts';

/** `tsx bench/ranking/runConversations.ts`: quality of the shipped ranking on conversations. */
async function run(): Promise<void> {
  for (const lexical of [true, false]) {
    const all: Judged[] = [];
    for (const { name, corpus, questions } of loadConversations()) {
      const judged = await answer(corpus, questions, { lexical });
      all.push(...judged);
      print(name, judged);
    }
    print(lexical ? 'all, by words only' : 'all, hybrid', all);
  }
}

function print(name: string, judged: readonly Judged[]): void {
  const { questions, recall5, recall10, mrr10 } = judge(judged);
  console.log(
    `${name.padEnd(20)} ${questions} questions  recall@5 ${recall5.toFixed(3)}  recall@10 ${recall10.toFixed(3)}  MRR@10 ${mrr10.toFixed(3)}`,
  );
}

await run();

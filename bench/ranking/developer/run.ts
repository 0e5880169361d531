import { judge } from '../evaluate.ts';
import { type Answered, answerDevelopers } from './developerBench.ts';
import type { AskedQuestion } from './developerQuestions.ts';

const isCode = (id: string) => !id.includes('.md:');
const GROUPS: Readonly<Record<string, (asked: AskedQuestion) => boolean>> = {
  tuned: asked => asked.split === 'tuned',
  untouched: asked => asked.split === 'untouched',
  concept: asked => asked.kind === 'concept',
  symptom: asked => asked.kind === 'symptom',
  identifier: asked => asked.kind === 'identifier',
  error: asked => asked.kind === 'error',
  'only documentation answers': asked => !asked.evidence.some(isCode),
  'only code answers': asked => asked.evidence.every(isCode),
};

/**
 * `tsx bench/ranking/developer/run.ts [--lexical] [--misses tuned|untouched]`: the shipped ranking on developers' questions.
 * Recall counts a question as found when any place that answers it is there: who asks reads one answer, not all of them.
 *
 * --lexical by words only
 * --misses  prints what was not among the first 5 of that half, and what was
 */
async function run(): Promise<void> {
  const { memories, answered } = await answerDevelopers({ lexical: process.argv.includes('--lexical') });
  console.log(`${memories} memories`);
  print('all', answered);
  for (const [name, wanted] of Object.entries(GROUPS))
    print(
      name,
      answered.filter(({ question }) => wanted(question)),
    );
  for (const name of new Set(answered.map(({ question }) => question.package)))
    print(
      `  ${name}`,
      answered.filter(({ question }) => question.package === name),
    );
  const at = process.argv.indexOf('--misses');
  if (at < 0) return;
  const split = process.argv[at + 1];
  for (const one of answered) if (one.question.split === split && rankOf(one) > 5) printMiss(one);
}

/** Of the first hit that answers, from 1; Infinity without one. */
function rankOf({ question, hits }: Answered): number {
  const at = hits.findIndex(hit => question.evidence.includes(hit.id));
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

function print(name: string, answered: readonly Answered[]): void {
  const { questions, found5, recall5, mrr10 } = judge(answered);
  console.log(
    `${name.padEnd(28)} ${String(questions).padStart(4)} questions  recall@5 ${found5.toFixed(3)} (of all places ${recall5.toFixed(3)})  MRR@10 ${mrr10.toFixed(3)}`,
  );
}

function printMiss(one: Answered): void {
  console.log(`\n${one.question.question}  (rank ${rankOf(one)})`);
  console.log(`  wanted ${one.question.evidence.join(', ')}`);
  for (const hit of one.hits.slice(0, 5)) {
    const parts = Object.entries(hit.parts).map(([part, value]) => `${part} ${value.toFixed(2)}`);
    console.log(`  ${hit.score.toFixed(3)} ${hit.id}  ${parts.join(' ')}`);
  }
}

await run();

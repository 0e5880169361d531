import { answer, type Judged } from '../evaluate.ts';
import { type AskedQuestion, loadDeveloperSet } from './developerQuestions.ts';

/**
 * `tsx bench/ranking/developer/run.ts`: the shipped ranking on developers' questions. Recall counts a question as found when any place
 * that answers it is there: who asks reads one answer, not all of them.
 *
 * --misses  prints what was not among the first 5, and what was
 * --lexical by words only
 */
async function run(): Promise<void> {
  const { corpus, questions } = loadDeveloperSet();
  console.log(`${corpus.length} memories, ${questions.length} questions`);
  const judged = await answer(corpus, questions, { lexical: process.argv.includes('--lexical') });
  const rows = judged.map((one, i) => ({ ...one, asked: questions[i]! }));
  for (const [name, wanted] of Object.entries(GROUPS))
    print(
      name,
      rows.filter(row => wanted(row.asked)),
    );
  for (const name of new Set(questions.map(one => one.package)))
    print(
      `  ${name}`,
      rows.filter(row => row.asked.package === name),
    );
  if (process.argv.includes('--misses'))
    for (const row of rows.filter(row => rankOf(row) > 5)) printMiss(row);
}

const isCode = (id: string) => !id.includes('.md:');
const GROUPS: Readonly<Record<string, (asked: AskedQuestion) => boolean>> = {
  all: () => true,
  tuned: asked => asked.split === 'tuned',
  untouched: asked => asked.split === 'untouched',
  concept: asked => asked.kind === 'concept',
  identifier: asked => asked.kind === 'identifier',
  'only documentation answers': asked => !asked.evidence.some(isCode),
  'only code answers': asked => asked.evidence.every(isCode),
};

/** Of the first hit that answers, from 1; Infinity without one. */
function rankOf({ question, hits }: Judged): number {
  const at = hits.findIndex(hit => question.evidence.includes(hit.id));
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

function print(name: string, judged: readonly Judged[]): void {
  const ranks = judged.map(rankOf);
  const mean = (value: (rank: number) => number) =>
    (ranks.reduce((sum, rank) => sum + value(rank), 0) / ranks.length).toFixed(3);
  console.log(
    `${name.padEnd(28)} ${String(ranks.length).padStart(4)}  recall@1 ${mean(rank => (rank <= 1 ? 1 : 0))}  recall@5 ${mean(
      rank => (rank <= 5 ? 1 : 0),
    )}  recall@10 ${mean(rank => (rank <= 10 ? 1 : 0))}  MRR@10 ${mean(rank => (rank <= 10 ? 1 / rank : 0))}`,
  );
}

function printMiss(row: Judged): void {
  console.log(`\n${row.question.question}  (rank ${rankOf(row)})`);
  console.log(`  wanted ${row.question.evidence.join(', ')}`);
  for (const hit of row.hits.slice(0, 5)) {
    const parts = Object.entries(hit.parts).map(([part, value]) => `${part} ${value.toFixed(2)}`);
    console.log(`  ${hit.score.toFixed(3)} ${hit.id}  ${parts.join(' ')}`);
  }
}

await run();

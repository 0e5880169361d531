import type { BenchResult } from '../../benchResult.ts';
import { answer, type Judged, judge } from '../evaluate.ts';
import { type AskedQuestion, loadDeveloperSet } from './developerQuestions.ts';

/** What the ranking answered to a developer's question. */
export interface Answered extends Judged {
  readonly question: AskedQuestion;
}

const TARGET = 0.85;

/** Asks all questions of the set in one store that holds all packages. @param lexical by words only */
export async function answerDevelopers(options: { readonly lexical?: boolean } = {}): Promise<{
  readonly memories: number;
  readonly answered: readonly Answered[];
}> {
  const { corpus, questions } = loadDeveloperSet();
  const judged = await answer(corpus, questions, options);
  return {
    memories: corpus.length,
    answered: judged.map(({ hits }, i) => ({ hits, question: questions[i]! })),
  };
}

/** How well the shipped ranking finds documentation and code: the half that it may be tuned on, and the half that it may not. */
export async function developerBench(): Promise<BenchResult[]> {
  const { answered } = await answerDevelopers();
  return (['tuned', 'untouched'] as const).flatMap(split => {
    const { found5, mrr10 } = judge(answered.filter(({ question }) => question.split === split));
    return [
      {
        name: `recall@5, packages ${split}`,
        value: found5,
        unit: '',
        target: `>= ${TARGET}`,
        met: found5 >= TARGET,
      },
      { name: `MRR@10, packages ${split}`, value: mrr10, unit: '' },
    ];
  });
}

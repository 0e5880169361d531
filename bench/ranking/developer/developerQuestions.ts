import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/main/assets.ts';
import type { Question } from '../evaluate.ts';
import { type Chunk, developerCorpus } from './developerCorpus.ts';
import type { PinnedPackage } from './fetchPackage.ts';

export interface DeveloperQuestion {
  /** In a developer's words. It names its library where another of the corpus could be meant. */
  readonly question: string;
  readonly package: string;
  /** `concept`: says what is wanted; `symptom`: what goes wrong; `identifier`: names a function or option; `error`: its code or message. */
  readonly kind: 'concept' | 'symptom' | 'identifier' | 'error';
  /** `package/path:line` of every place that answers it on its own: whichever chunk holds such a line is right. */
  readonly evidence: readonly string[];
}

/** A question whose evidence is ids of chunks. */
export interface AskedQuestion extends Question {
  readonly kind: DeveloperQuestion['kind'];
  readonly package: string;
  readonly split: PinnedPackage['split'];
}

const folder = join(packageRoot, 'bench', 'ranking', 'developer');

export function readPackages(): readonly PinnedPackage[] {
  return JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8')) as PinnedPackage[];
}

export function readQuestions(): readonly DeveloperQuestion[] {
  return JSON.parse(readFileSync(join(folder, 'questions.json'), 'utf8')) as DeveloperQuestion[];
}

/** All packages as one store, and the questions about them. Downloads the packages at first use. */
export function loadDeveloperSet(): {
  readonly corpus: readonly Chunk[];
  readonly questions: readonly AskedQuestion[];
} {
  const packages = readPackages();
  const corpus = developerCorpus(packages);
  const questions = readQuestions().map(({ question, package: name, kind, evidence }) => ({
    question,
    package: name,
    kind,
    split: packages.find(one => one.name === name)!.split,
    evidence: [...new Set(evidence.map(place => chunkAt(corpus, place).id))],
  }));
  return { corpus, questions };
}

function chunkAt(corpus: readonly Chunk[], place: string): Chunk {
  const at = place.lastIndexOf(':');
  const path = place.slice(0, at);
  const line = Number(place.slice(at + 1));
  const found = corpus.find(chunk => chunk.path === path && chunk.startLine <= line && line <= chunk.endLine);
  if (!found) throw new Error(`No chunk holds ${place}.`);
  return found;
}

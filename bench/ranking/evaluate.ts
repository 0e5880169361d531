import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOnnxEmbedder } from '../../src/adapters/onnx/onnxEmbedder.ts';
import { createSnowballStemmer } from '../../src/adapters/text/snowball.ts';
import type { IndexRecord } from '../../src/engine/ports/indexSource.ts';
import type { Weights } from '../../src/engine/ranking/weights.ts';
import { Analyzer } from '../../src/engine/search/analyze.ts';
import { SearchIndex } from '../../src/engine/search/searchIndex.ts';
import type { SearchHit } from '../../src/engine/search/searchQuery.ts';
import { mediaFile, packageRoot } from '../../src/main/assets.ts';
import { embedderProgram } from '../../test/fixtures/embedderProgram.ts';
import { createPlainVectorIndex } from '../../test/fixtures/plainVectorIndex.ts';

/** One memory of a corpus. */
export interface CorpusEntry {
  readonly id: string;
  readonly text: string;
  readonly session?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
}

export interface Question {
  readonly question: string;
  /** Ids of the memories that answer it. */
  readonly evidence: readonly string[];
  readonly kind?: string;
}

export interface Quality {
  readonly questions: number;
  /** Mean share of the evidence among the first 5 / 10. */
  readonly recall5: number;
  readonly recall10: number;
  /** Share of questions with any of the evidence among the first 5. */
  readonly found5: number;
  readonly mrr10: number;
}

export interface Judged {
  readonly question: Question;
  readonly hits: readonly SearchHit[];
}

/** Asks every question of the corpus through the index itself, with the shipped model and, unless told otherwise, the shipped weights. */
export async function answer(
  corpus: readonly CorpusEntry[],
  questions: readonly Question[],
  options: {
    readonly weights?: Weights;
    readonly lexical?: boolean;
    readonly limit?: number;
  } = {},
): Promise<readonly Judged[]> {
  const index = new SearchIndex(new Analyzer(createSnowballStemmer()));
  index.vectors = createPlainVectorIndex(384);
  index.apply(corpus.map(toRecord));
  const vectors = options.lexical ? [] : await embedAll(corpus.map(entry => entry.text));
  index.applyVectors(vectors.map((vector, i) => ({ num: i + 1, vector })));
  const asked = options.lexical ? [] : await embedAll(questions.map(one => one.question));
  const now = Math.max(...corpus.map(entry => entry.createdAt ?? 0)) + 1;
  const judged: Judged[] = [];
  for (const [i, question] of questions.entries()) {
    const vector = asked[i];
    const hits = await index.search(
      {
        text: question.question,
        ...(vector && { vector }),
        viewer: { principal: 'bench', client: 'bench' },
        limit: options.limit ?? 10,
        now,
      },
      options.weights,
    );
    judged.push({ question, hits });
  }
  return judged;
}

export function judge(judged: readonly Judged[]): Quality {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const ranks = judged.map(({ question, hits }) =>
    hits.flatMap((hit, i) => (question.evidence.includes(hit.id) ? [i + 1] : [])),
  );
  const share = (depth: number) =>
    mean(
      ranks.map(
        (found, i) => found.filter(rank => rank <= depth).length / judged[i]!.question.evidence.length,
      ),
    );
  return {
    questions: judged.length,
    recall5: share(5),
    recall10: share(10),
    found5: mean(ranks.map(found => (found.some(rank => rank <= 5) ? 1 : 0))),
    mrr10: mean(ranks.map(found => (found[0] && found[0] <= 10 ? 1 / found[0] : 0))),
  };
}

function toRecord(entry: CorpusEntry, i: number): IndexRecord {
  return {
    num: i + 1,
    id: entry.id,
    deleted: false,
    sensitive: false,
    namespace: 'bench',
    owner: 'bench',
    visibility: 'public',
    sharedWith: [],
    agent: null,
    type: 'context',
    priority: 'medium',
    tags: [],
    session: entry.session ?? null,
    pinned: false,
    content: entry.text,
    createdAt: entry.createdAt ?? 0,
    updatedAt: entry.createdAt ?? 0,
    accessCount: 0,
    expiresAt: null,
    validFrom: null,
    validUntil: null,
    unreviewedBy: null,
  };
}

/** Vectors are kept between runs, since they take longer than everything else. */
export async function embedAll(texts: readonly string[]): Promise<readonly Float32Array[]> {
  const key = createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);
  const folder = join(packageRoot, '.cache', 'bench-vectors');
  const file = join(folder, `${key}.bin`);
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    return texts.map(
      (_, i) =>
        new Float32Array(bytes.buffer.slice(bytes.byteOffset + i * 1536, bytes.byteOffset + (i + 1) * 1536)),
    );
  }
  const silent = () => {};
  await using embedder = createOnnxEmbedder({
    program: await embedderProgram(),
    modelDirectory: mediaFile('models', 'all-MiniLM-L6-v2'),
    threads: 2,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const vectors: Float32Array[] = [];
  for (let i = 0; i < texts.length; i += 1000)
    vectors.push(...(await embedder.embed(texts.slice(i, i + 1000))));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    file,
    Buffer.concat(vectors.map(vector => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength))),
  );
  return vectors;
}

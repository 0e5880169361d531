import { seeded } from '../../test/fixtures/vectors.ts';

/** One look-up of a working day, in the order of time. */
export interface LookUp {
  /** Since the day began. */
  readonly atMs: number;
  readonly kind: 'model' | 'file';
  /** Name of the model, or path of the file. */
  readonly name: string;
  /** Of a file: rises with each edit; what was cached of an older one is of no use. Of a model always 0. */
  readonly edition: number;
  /** The process that asks; processes start anew in the middle of the day. */
  readonly process: string;
}

const LOOK_UPS = 20_000;
const DAY_MS = 8 * 3_600_000;
/** Share of look-ups that ask for a model: once for each request that a service routes. */
const MODEL_SHARE = 0.3;
const MODELS = 12;
const FILES = 800;
const SERVICES = ['worker', 'retrieval', 'agents'] as const;
/** Files that somebody works on at one time, and how often the look-up is among them. */
const WORKING_SET = 30;
const IN_WORKING_SET = 0.85;
/** After so many look-ups another part of the project is worked on. */
const TASK_LENGTH = 1_200;
/** Share of the look-ups of the working set before which the file was edited. */
const EDITED = 0.03;
/** Each service starts anew so many times a day. */
const STARTS = 3;

/**
 * The look-ups of one day on a development stack, for the hit rate of a shared cache: three services that ask for the metadata of models and
 * for what was computed from files. A few models are asked for most; of files a small set, which is edited and changes with the task, while the
 * rest is asked for now and then. Written down before the cache; the same on every machine.
 */
export function* lookUpTrace(): Generator<LookUp> {
  const random = seeded(20261121);
  const editions = new Map<string, number>();
  let workingSet: readonly string[] = [];
  for (let i = 0; i < LOOK_UPS; i++) {
    const atMs = Math.floor((i / LOOK_UPS) * DAY_MS);
    const service = SERVICES[Math.floor(random() * SERVICES.length)]!;
    const process = `${service}-${Math.floor((i / LOOK_UPS) * STARTS)}`;
    if (i % TASK_LENGTH === 0)
      workingSet = Array.from({ length: WORKING_SET }, () => fileNamed(Math.floor(random() * FILES)));
    if (random() < MODEL_SHARE) {
      yield { atMs, kind: 'model', name: `model-${rank(random(), MODELS)}`, edition: 0, process };
      continue;
    }
    const here = random() < IN_WORKING_SET;
    const name = here
      ? workingSet[Math.floor(random() * WORKING_SET)]!
      : fileNamed(Math.floor(random() * FILES));
    if (here && random() < EDITED) editions.set(name, (editions.get(name) ?? 0) + 1);
    yield { atMs, kind: 'file', name, edition: editions.get(name) ?? 0, process };
  }
}

function fileNamed(number: number): string {
  return `src/part${number % 25}/file${number}.ts`;
}

/** 0..count - 1, by Zipf's law: the first comes more than a quarter of the times. */
function rank(random: number, count: number): number {
  return Math.floor((count + 1) ** random) - 1;
}

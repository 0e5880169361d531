import fc from 'fast-check';
import type { TaskState } from '../../src/engine/model/task.ts';
import type { OpenTasks } from '../fixtures/openTasks.ts';
import {
  answer,
  ask,
  assign,
  type Command,
  cancel,
  claim,
  complete,
  elapse,
  fail,
  type Meant,
  purge,
  release,
  releaseAll,
  renew,
  requeue,
  type Shown,
  STEP_MS,
  seenOf,
  submit,
  tick,
} from '../fixtures/taskCommands.ts';
import { TaskModel } from '../fixtures/taskModel.ts';
import type { ModelDraft, ModelLease } from '../fixtures/taskModelEntry.ts';

/**
 * Leases, offers and pauses are half or one and a half of what elapses at once, so that the time that a machine takes decides nothing;
 * nor does it with the ageing, from which no sum of these is less than a minute away.
 */
const SHORT_MS = STEP_MS / 2;
const LONG_MS = STEP_MS + SHORT_MS;

/** Few of each, so that they meet. */
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const agent = fc.constantFrom('ann', 'bob', 'cleo');
const duration = fc.constantFrom(SHORT_MS, LONG_MS);
const offer = fc.option(fc.record({ agent, ms: duration }), { nil: undefined, freq: 2 });
const text = fc.constantFrom('one', 'two');
const needed = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  fc.array(fc.nat(100), { minLength: 1, maxLength: 2 }),
);
const draft: fc.Arbitrary<Omit<ModelDraft, 'dependsOn'>> = fc.record({
  id,
  title: fc.constantFrom('first', 'first', 'first', 'other'),
  priority: fc.constantFrom('critical', 'high', 'medium', 'low', 'archive'),
  capabilities: fc.constantFrom<string[][]>([], [], ['x'], ['x', 'y']),
  idempotencyKey: fc.constantFrom(null, null, null, 'key'),
  leaseMs: duration,
  maxLosses: fc.constantFrom(null, null, 1, 2),
  retry: fc.constantFrom(
    { max: 0, baseMs: 0, factor: 1, capMs: 0 },
    { max: 1, baseMs: 0, factor: 1, capMs: 0 },
  ),
  deadlineMs: fc.constantFrom(undefined, undefined, undefined, SHORT_MS, LONG_MS),
});
const seldom = fc.constantFrom(false, false, false, true);
const meant: fc.Arbitrary<Meant> = fc.record({ pick: fc.nat(100), any: seldom });
const wrong = [{ leaseId: 'guessed' }, { fence: 1 }, { id: 'c' }];
const shown: fc.Arbitrary<Shown> = fc.record({
  pick: fc.nat(100),
  any: seldom,
  wrong: fc.constantFrom<Partial<ModelLease>[]>({}, {}, {}, {}, {}, {}, {}, {}, {}, ...wrong),
});
const ended = fc.uniqueArray(fc.constantFrom<TaskState>('completed', 'dead', 'cancelled'), { minLength: 1 });

/** Named as often as it is to come. */
const kinds: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [7, fc.tuple(draft, needed, offer).map(given => submit(...given))],
  [
    8,
    fc
      .tuple(agent, fc.constantFrom([], ['x'], ['y', 'x']), fc.integer({ min: 1, max: 2 }))
      .map(given => claim(...given)),
  ],
  [
    3,
    fc
      .tuple(shown, fc.record({ progress: fc.constantFrom(0, 50), note: text }, { requiredKeys: [] }))
      .map(given => renew(...given)),
  ],
  [2, fc.tuple(shown, text).map(given => ask(...given))],
  [2, fc.tuple(meant, text).map(given => answer(...given))],
  [4, fc.tuple(shown, text).map(given => complete(...given))],
  [
    4,
    fc
      .tuple(shown, text, fc.constantFrom(true, true, false), fc.constantFrom(0, SHORT_MS, LONG_MS))
      .map(given => fail(...given)),
  ],
  [2, fc.tuple(shown, fc.option(text, { nil: undefined }), offer).map(given => release(...given))],
  [1, fc.tuple(meant, text).map(given => cancel(...given))],
  [2, meant.map(requeue)],
  [2, fc.tuple(meant, offer).map(given => assign(...given))],
  [1, fc.tuple(agent, fc.boolean()).map(given => releaseAll(...given))],
  [2, fc.constant(tick())],
  [4, fc.constant(elapse())],
  [1, ended.map(purge)],
];
const commands = fc.commands(
  kinds.flatMap(([often, kind]) => Array.from({ length: often }, () => kind)),
  { maxCommands: 80, size: 'max' },
);

/**
 * Whatever is asked of a TaskStore, it is answered and left as the plainest model of the state machine.
 * @param create an empty one
 * @param taken gets the transitions that were seen
 */
export function taskModelProperty(create: () => Promise<OpenTasks>, taken = new Set<string>()) {
  return fc.asyncProperty(commands, async given => {
    await using opened = await create();
    await fc.asyncModelRun(() => ({ model: new TaskModel(), real: { opened, leases: [], taken } }), given);
  });
}

/** What some random commands leave in a store: the same for each that is a TaskStore. Without times. */
export async function afterTrace(opened: OpenTasks, seed: number): Promise<unknown> {
  const [trace] = fc.sample(commands, { seed, numRuns: 1 });
  const setup = () => ({ model: new TaskModel(), real: { opened, leases: [], taken: new Set<string>() } });
  await fc.asyncModelRun(setup, trace!);
  const { tasks } = await opened.tasks.list({}, { limit: 100, offset: 0 });
  const known = tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const histories = await Promise.all(known.map(task => opened.tasks.history(task)));
  return {
    tasks: known.map(seenOf),
    histories: histories.map(lines => lines.map(({ at: _at, ...line }) => line)),
    counts: await opened.tasks.counts(undefined),
  };
}

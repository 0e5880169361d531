import assert from 'node:assert/strict';
import type { Engine } from '../../../../src/engine/engine.ts';
import type { Caller } from '../../../../src/engine/model/caller.ts';
import { callerNamed, sessionOf } from '../../../fixtures/callers.ts';
import type { Notices } from './notices.ts';

export const NAMESPACE = 'github.com/example/orders';
const AGENTS = 5;

export interface BusyHour {
  readonly round: number;
  /** How many tasks the agents give each other. */
  readonly tasks: number;
  /** Those that the window gave, at least three. */
  readonly given: readonly string[];
}

/** Agents come, do tasks, ask, fail, remember and forget, and go; of the window's own tasks its person hears, and closes each message. */
export async function busyHour(
  engine: Engine,
  notices: Notices,
  { round, tasks, given }: BusyHour,
): Promise<void> {
  const agents = Array.from({ length: AGENTS }, (_, i) =>
    sessionOf(callerNamed('gemini-cli', NAMESPACE), `gemini-${round}-${i}`),
  );
  for (const [i, agent] of agents.entries())
    await engine.agents.register({ name: `Agent ${i} of ${round}` }, NAMESPACE, agent);
  await doErrands(engine, notices, { round, given }, agents[0]!);
  for (let i = 0; i < tasks; i++) await doTask(engine, `Task ${i} of round ${round}`, i, agents[i % AGENTS]!);
  for (const agent of agents) await engine.agents.leave(agent.instance);
}

async function doErrands(
  engine: Engine,
  notices: Notices,
  { round, given }: Omit<BusyHour, 'tasks'>,
  agent: Caller,
): Promise<void> {
  const [asked, failed, done, ...more] = given;
  const name = `Agent 0 of ${round}`;
  for (const id of given) await claim(engine, id, agent);
  await engine.tasks.ask({ id: asked! }, 'Which one is meant?', agent);
  await engine.tasks.fail({ id: failed! }, { reason: 'It is closed.', retryable: false }, agent);
  await engine.tasks.complete({ id: done! }, {}, {}, agent);
  await notices.told([
    `${name} asks about “Errand 0 of round ${round}”: Which one is meant?`,
    `The task “Errand 1 of round ${round}” failed for good: It is closed.`,
    `${name} completed “Errand 2 of round ${round}”.`,
  ]);
  await engine.tasks.answer({ id: asked! }, 'The nearest.', agent);
  await engine.tasks.requeue({ id: failed! }, agent);
  for (const id of [asked!, failed!]) await claim(engine, id, agent);
  const rest = [asked!, failed!, ...more];
  for (const id of rest) await engine.tasks.complete({ id }, {}, {}, agent);
  await notices.completed(rest.length);
}

async function claim(engine: Engine, id: string, agent: Caller): Promise<void> {
  const claimed = await engine.tasks.claim({ namespace: NAMESPACE, limit: 1, ids: [id] }, agent);
  assert.deepEqual(
    claimed.map(({ task }) => task.id),
    [id],
  );
}

async function doTask(engine: Engine, title: string, number: number, agent: Caller): Promise<void> {
  const { task } = await engine.tasks.submit({ title, preferredAgent: engine.agents.idOf(agent) }, agent);
  const { id } = task;
  await claim(engine, id, agent);
  await engine.tasks.progress({ id }, { progress: 50, note: 'half of it' }, agent);
  if (number % 3 === 0) {
    await engine.tasks.ask({ id }, 'Which one is meant?', agent);
    await engine.tasks.cancel({ id }, 'nobody knows', agent);
  } else await engine.tasks.complete({ id }, { summary: 'done' }, {}, agent);
  const [stored] = await engine.memories.store([{ content: `What “${title}” taught.` }], agent);
  await engine.memories.update(stored!.memory.id, { tags: ['taught'] }, agent);
  await engine.memories.forget([stored!.memory.id], agent);
}

import type { Task } from '../model/task.ts';
import type { Work } from '../ports/work.ts';
import { type OpenDependency, waitingReason } from './waitingReason.ts';

/** A task and why nobody works on it. */
export interface ShownTask {
  readonly task: Task;
  readonly waiting: string | undefined;
  /** Of a blocked one: what is not completed yet of what it depends on. */
  readonly waitsFor?: readonly OpenDependency[];
}

/** Each with why it waits. @param now ms */
export async function showTasks(
  tasks: readonly Task[],
  work: Work,
  now: number,
): Promise<readonly ShownTask[]> {
  const waiting = tasks.filter(({ state }) => state === 'ready' || state === 'blocked');
  const namespaces = [...new Set(waiting.map(({ namespace }) => namespace))];
  const agents = namespaces.length === 0 ? [] : await work.agents.list(namespaces);
  return Promise.all(
    tasks.map(async task => {
      const there = agents.filter(({ namespace }) => namespace === task.namespace);
      const waitsFor = task.state === 'blocked' ? await openDependencies(task, work) : [];
      const waiting = waitingReason(task, there, waitsFor, now);
      return { task, waiting, ...(waitsFor.length > 0 && { waitsFor }) };
    }),
  );
}

async function openDependencies(
  { dependsOn, namespace }: Task,
  work: Work,
): Promise<readonly OpenDependency[]> {
  const found = await Promise.all(dependsOn.map(id => work.tasks.get({ namespace, id })));
  return found.flatMap(task => {
    if (task === undefined || task.state === 'completed') return [];
    const { id, state, title } = task;
    return [{ id, state, title }];
  });
}

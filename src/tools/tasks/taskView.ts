import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import type { Metadata } from '../../engine/model/memory.ts';
import { TASK_STATES, type Task, type TaskTransition } from '../../engine/model/task.ts';
import { isoOrNull, isoTime } from '../../engine/model/time.ts';
import type { ShownTask } from '../../engine/tasks/showTasks.ts';
import { ENDED } from '../../engine/tasks/taskMachine.ts';

const time = z.string().optional();
const json = z.record(z.string(), z.json());

/** A task, as tools answer it; what is not known or does not hold now is absent. Times are ISO 8601. */
export const taskView = z.object({
  id: z.string(),
  namespace: z.string(),
  title: z.string(),
  description: z.string().optional(),
  payload: json.optional(),
  state: z.enum(TASK_STATES),
  priority: z.string(),
  waiting: z.string().optional().describe('Why nobody works on it'),
  holder: z.string().optional(),
  fence: z.number(),
  lease_until: time,
  progress: z.number().optional().describe('Per cent'),
  note: z.string().optional(),
  question: z.string().optional(),
  answer: z.string().optional(),
  result: json.optional(),
  metrics: json.optional(),
  reason: z.string().optional().describe('Why it failed, is dead or was cancelled'),
  required_capabilities: z.array(z.string()).optional(),
  depends_on: z.array(z.string()).optional(),
  preferred_agent: z.string().optional(),
  deadline: time,
  max_retries: z.number(),
  failures: z.number(),
  losses: z.number(),
  lease_seconds: z.number(),
  submitted_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  finished_at: time,
});
export type TaskView = z.infer<typeof taskView>;

export function viewTask({ task, waiting }: ShownTask): TaskView {
  const { description, payload, capabilities, dependsOn } = task;
  return {
    ...{ id: task.id, namespace: task.namespace, title: task.title },
    ...(description !== '' && { description }),
    ...jsonOf('payload', payload),
    ...{ state: task.state, priority: task.priority, fence: task.fence },
    ...(waiting !== undefined && { waiting }),
    ...known({
      ...{ holder: task.holder, progress: task.progress, note: task.note, reason: task.reason },
      ...{ question: task.question, answer: task.answer, preferred_agent: task.preferredAgent },
      ...{ lease_until: isoOrNull(task.leaseUntil), deadline: isoOrNull(task.deadline) },
      finished_at: isoOrNull(task.finishedAt),
    }),
    ...jsonOf('result', task.result),
    ...jsonOf('metrics', task.metrics),
    ...(capabilities.length > 0 && { required_capabilities: [...capabilities] }),
    ...(dependsOn.length > 0 && { depends_on: [...dependsOn] }),
    ...{ max_retries: task.retry.max, failures: task.failures, losses: task.losses },
    ...{ lease_seconds: task.leaseMs / 1000, submitted_by: task.submittedBy },
    ...{ created_at: isoTime(task.createdAt), updated_at: isoTime(task.updatedAt) },
  };
}

export function viewOf(task: Task): TaskView {
  return viewTask({ task, waiting: undefined });
}

/** One line: id, state, title, why it waits. */
export function taskLine(task: TaskView): string {
  const { id, state, priority, progress, holder, title, waiting, reason } = task;
  const hasEnded = ENDED.includes(state);
  const facts = [state, priority, ...(progress === undefined || hasEnded ? [] : [`${progress} %`])].join(
    ', ',
  );
  const who = holder === undefined ? '' : ` by ${oneLine(holder)}`;
  const ended = state === 'dead' || state === 'cancelled' ? reason : undefined;
  const why = waiting ?? ended;
  return `${oneLine(id)} [${facts}${who}] ${oneLine(title)}${why === undefined ? '' : `; ${oneLine(why)}`}`;
}

/** A task as whoever works on it reads it; what others wrote is quoted. */
export function taskText(task: TaskView): string {
  const told = (name: string, text: string | undefined) =>
    text === undefined ? [] : [`  ${name}: ${oneLine(text, 4000)}`];
  return [
    taskLine(task),
    ...told('description', task.description),
    ...told('payload', task.payload && JSON.stringify(task.payload)),
    ...told('last note', task.note),
    ...told('question', task.question),
    ...told('answer', task.answer),
    ...(task.state === 'leased' || task.state === 'ready' ? told('last failure', task.reason) : []),
    ...told('result', task.result && JSON.stringify(task.result)),
    ...told('metrics', task.metrics && JSON.stringify(task.metrics)),
  ].join('\n');
}

export const transitionView = z.object({
  at: z.string(),
  event: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  by: z.string(),
  fence: z.number(),
  note: z.string().nullable(),
});

export function viewTransition({ at, ...same }: TaskTransition): z.infer<typeof transitionView> {
  return { at: isoTime(at), ...same };
}

/** One line: when, what, by whom. */
export function transitionLine(one: z.infer<typeof transitionView>): string {
  const note = one.note === null ? '' : `: ${oneLine(one.note)}`;
  return `${one.at} ${one.event}: ${one.from ?? 'new'} to ${one.to} by ${oneLine(one.by)}${note}`;
}

function known<T extends Record<string, string | number | null>>(fields: T) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function jsonOf<K extends string>(name: K, value: Metadata | null): Partial<Record<K, z.infer<typeof json>>> {
  if (value === null || Object.keys(value).length === 0) return {};
  return { [name]: value } as Record<K, z.infer<typeof json>>;
}

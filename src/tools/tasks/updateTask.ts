import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { alsoCancelled } from '../../engine/tasks/alsoCancelled.ts';
import { defineTool, type ToolContext } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';
import { taskLine, taskView, viewTask } from './taskView.ts';

const flag = z.boolean().optional();
const text = own.words.min(1).optional();

const input = z.strictObject({
  task_id: own.id,
  progress: z.number().min(0).max(100).optional().describe('Per cent'),
  note: text,
  question: text.describe('Hands it back until somebody answers'),
  answer: text,
  cancel: flag,
  reason: text,
  requeue: flag.describe('A dead one'),
  release: flag.describe('Give it back undone'),
  retry: flag.describe('One that pauses: now'),
  assign_to: own.id.optional().describe('Agent that it is offered to before all others'),
  fence: own.fence,
  lease_id: own.leaseId,
  lease_seconds: own.leaseSeconds.describe('With progress or a note: renew the lease for so long'),
  release_to: own.id.optional().describe('Agent that it is offered to first'),
  agent_id: own.agentId.describe('Who claimed it; default: this session'),
  namespace: field.writeNamespace,
});
type Input = z.infer<typeof input>;

export const updateTask = defineTool({
  name: 'update_task',
  title: 'Update a task',
  description:
    'One change of a task: progress and note, question, answer, cancel (with reason), requeue, or release.',
  effect: 'writes',
  set: 'tasks',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input,
  advanced: ['retry', 'assign_to', 'lease_seconds', 'release_to', 'agent_id', 'namespace'],
  output: taskView.extend({
    also_cancelled: z.array(z.string()).optional().describe('What depended on it'),
  }),
  async handle(given, context) {
    const kind = kindOf(given);
    await change(given, kind, context);
    const { task_id, namespace } = given;
    const shown = await context.engine.tasks.get({ id: task_id, namespace }, context.caller);
    if (kind !== 'cancel') return viewTask(shown);
    const also = await alsoCancelled(shown.task, context.engine.tasks);
    return { ...viewTask(shown), ...(also.length > 0 && { also_cancelled: [...also] }) };
  },
  summarize(task) {
    const { also_cancelled: also = [] } = task;
    if (also.length === 0) return taskLine(task);
    const named = also.slice(0, 10).map(id => oneLine(id));
    const more = also.length > named.length ? ` and ${also.length - named.length} more` : '';
    const many =
      also.length === 1 ? '1 task that depends on it was' : `${also.length} tasks that depend on it were`;
    return `${taskLine(task)}\n${many} cancelled, too: ${named.join(', ')}${more}`;
  },
});

type Kind = 'progress' | 'question' | 'answer' | 'cancel' | 'requeue' | 'retry' | 'assign_to' | 'release';

/** What goes with each kind; the rest is a mixture. The first says which it is; a note alone is progress. */
const FIELDS: Readonly<Record<Kind, readonly (keyof Input)[]>> = {
  progress: ['progress', 'note', 'lease_seconds'],
  question: ['question'],
  answer: ['answer'],
  cancel: ['cancel', 'reason'],
  requeue: ['requeue'],
  retry: ['retry'],
  assign_to: ['assign_to'],
  release: ['release', 'note', 'release_to'],
};
const OF_EVERY_KIND: readonly (keyof Input)[] = ['task_id', 'fence', 'lease_id', 'agent_id', 'namespace'];

/** Throws `invalid_input` unless it is exactly one. */
function kindOf(given: Input): Kind {
  const named = (Object.keys(given) as (keyof Input)[])
    .filter(name => given[name] !== undefined && given[name] !== false)
    .filter(name => !OF_EVERY_KIND.includes(name));
  const kinds = (Object.keys(FIELDS) as Kind[]).filter(kind => named.includes(kind));
  const [kind = 'progress'] = kinds;
  const together = named.every(name => FIELDS[kind].includes(name));
  if (named.length > 0 && kinds.length <= 1 && together) return kind;
  throw new MemoryError('invalid_input', `${wrong(named)} Nothing was changed.`, ONE_OF);
}

const ONE_OF =
  'Give one of: progress and note; question; answer; cancel with reason; requeue; retry; assign_to; release.';

function wrong(named: readonly string[]): string {
  if (named.length === 0) return 'No change of the task is named.';
  return named.length === 1
    ? `${named[0]} is no change by itself.`
    : `${named.join(' and ')} do not go together.`;
}

async function change(given: Input, kind: Kind, { engine: { tasks }, caller }: ToolContext): Promise<void> {
  const { task_id: id, namespace, agent_id: agent, fence, lease_id: leaseId, note } = given;
  const held = { id, namespace, agent, fence, leaseId };
  switch (kind) {
    case 'progress': {
      const leaseMs = own.toMs(given.lease_seconds);
      await tasks.progress(held, { progress: given.progress, note, leaseMs }, caller);
      return;
    }
    case 'question':
      await tasks.ask(held, given.question!, caller);
      return;
    case 'answer':
      await tasks.answer({ id, namespace }, given.answer!, caller);
      return;
    case 'cancel':
      await tasks.cancel({ id, namespace }, given.reason ?? 'no reason was given', caller);
      return;
    case 'requeue':
      await tasks.requeue({ id, namespace }, caller);
      return;
    case 'retry':
      await tasks.assign({ id, namespace }, undefined, caller);
      return;
    case 'assign_to':
      await tasks.assign({ id, namespace }, given.assign_to!, caller);
      return;
    case 'release':
      await tasks.release(held, note, given.release_to, caller);
  }
}

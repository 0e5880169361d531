import { z } from 'zod';
import type { MemoryEvent } from '../../engine/events/feed.ts';
import type { BusEvent, RecordEvent, WorkEvent } from '../../engine/ports/eventBus.ts';
import { shortTime, time, toTime } from '../recordFields.ts';

export const EVENT_TYPES = [
  'model_updated',
  'training_complete',
  'node_status',
] as const satisfies readonly RecordEvent['type'][];
export const WORK_TYPES = [
  'task',
  'agent',
  'files',
  'context',
] as const satisfies readonly WorkEvent['type'][];

export const eventView = z.object({
  id: z.string(),
  at: time,
  type: z.enum([...EVENT_TYPES, ...WORK_TYPES]),
  node: z.string().optional(),
  model: z.string().optional().describe('Empty when the node runs none any more'),
  accuracy: z.number().optional(),
  status: z.string().optional(),
  namespace: z.string().optional(),
  subject: z.string().optional().describe('Id of the task, agent, claim or context'),
  change: z.string().optional().describe('New state, or what was done'),
  agent: z.string().optional().describe('Empty: none'),
});
type EventView = z.infer<typeof eventView>;

/** Without whom it is told to. */
export function viewEvent<E extends BusEvent | MemoryEvent>(logged: {
  readonly id: string;
  readonly at: number;
  readonly event: E;
}) {
  const { audience: _, ...told } = logged.event as E & { readonly audience?: unknown };
  return { id: logged.id, at: toTime(logged.at), ...told };
}

/** Also of a change of a memory. */
type EventLine = Omit<EventView, 'type'> & { readonly type: EventView['type'] | 'memory' };

/** One line: id, when, what. */
export function eventLine({ id, at, type, node, model, accuracy, status, ...work }: EventLine): string {
  const { subject, change, agent } = work;
  const changed = `${type} ${subject} ${change}${agent ? ` (${agent})` : ''}`;
  const told = {
    model_updated: `${node} runs ${model || 'no model'}`,
    training_complete: `${model} is trained, accuracy ${accuracy}`,
    node_status: `${node} is ${status}`,
    ...{ task: changed, agent: changed, files: changed, context: changed, memory: changed },
  };
  return `${id}  ${shortTime(at)}  ${told[type]}`;
}

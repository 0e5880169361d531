import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import type { RecordEvent } from '../../engine/ports/eventBus.ts';
import { defineTool } from '../defineTool.ts';
import { EVENT_TYPES } from './eventView.ts';

const name = z.string().min(1).max(200).optional();

export const publishEvent = defineTool({
  name: 'publish_event',
  title: 'Publish an event',
  description: `Tells every program of the LAN that something happened, on the channel events:<type>, and keeps it for those who are away.
model_updated takes node and model, training_complete model and accuracy, node_status node and status. Nodes and models tell theirs by themselves.`,
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    type: z.enum(EVENT_TYPES).describe('What happened'),
    node: name.describe('The machine'),
    model: name.describe('The model'),
    accuracy: z.number().min(0).optional().describe('Such as 0.93'),
    status: name.describe('Such as online'),
  }),
  output: z.object({ id: z.string() }),
  async handle(input, { engine }) {
    return { id: await engine.records.events.publish(toEvent(input)) };
  },
  summarize: ({ id }) => `Published as ${id}.`,
});

interface Given {
  readonly type: RecordEvent['type'];
  readonly node?: string | undefined;
  readonly model?: string | undefined;
  readonly accuracy?: number | undefined;
  readonly status?: string | undefined;
}

/** Throws `invalid_input` for a field that the type needs or does not have. */
function toEvent({ type, ...given }: Given): RecordEvent {
  const needed = FIELDS[type];
  const has = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const wrong = [
    ...needed.filter(name => !has.includes(name)).map(name => `${name} is missing`),
    ...has.filter(name => !needed.includes(name)).map(name => `${name} is none of its fields`),
  ];
  if (wrong.length > 0)
    throw new MemoryError(
      'invalid_input',
      `${type}: ${wrong.join('; ')}. Nothing was published.`,
      `Give ${needed.join(' and ')}.`,
    );
  return { type, ...given } as RecordEvent;
}

const FIELDS: Readonly<Record<RecordEvent['type'], readonly string[]>> = {
  model_updated: ['node', 'model'],
  training_complete: ['model', 'accuracy'],
  node_status: ['node', 'status'],
};

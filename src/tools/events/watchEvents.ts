import { z } from 'zod';
import { nextEvents } from '../../engine/events/nextEvents.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import { readNamespace } from '../fields.ts';
import { count, lines } from '../recordFields.ts';
import { EVENT_TYPES, eventLine, eventView, viewEvent, WORK_TYPES } from './eventView.ts';

const watched = eventView.extend({ type: z.enum([...EVENT_TYPES, ...WORK_TYPES, 'memory']) });

export const watchEvents = defineTool({
  name: 'watch_events',
  title: 'Watch events',
  description: `Waits for what happens next and returns it, oldest first: changes of tasks, agents, files, contexts and memories, as far as the caller may know of them.
Whoever goes on from the cursor, on whichever machine, misses nothing that is still kept. list_events has what was.`,
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    cursor: z.string().min(1).max(100).optional().describe('To go on from; default: from now on'),
    wait_seconds: z.number().min(0).max(50).default(50).describe('Wait so long at most'),
    limit: count(100, 500).describe('At most so many, and as many changes of memories'),
    namespace: readNamespace,
  }),
  output: z.object({ events: z.array(watched), cursor: z.string() }),
  async handle({ cursor, wait_seconds, limit, namespace }, { engine, caller, patience, signal }) {
    const { feed } = engine;
    const found = await nextEvents(
      feed,
      cursor ?? (await feed.position(caller)),
      limit,
      caller,
      readNamespaces(namespace, caller),
      wait_seconds * 1000,
      patience ? AbortSignal.any([signal, patience]) : signal,
    );
    const events = found.events.map(({ cursor: id, ...one }) => viewEvent({ id, ...one }));
    return { events, cursor: found.cursor };
  },
  summarize: ({ events, cursor }) =>
    [lines(events, eventLine, 'Nothing happened.'), `cursor: ${cursor}`].join('\n'),
});

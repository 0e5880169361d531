import { z } from 'zod';
import { mayKnow } from '../../engine/events/mayKnow.ts';
import { viewerOf } from '../../engine/model/caller.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import { readNamespace } from '../fields.ts';
import { count, lines } from '../recordFields.ts';
import { eventLine, eventView, viewEvent } from './eventView.ts';

/** As many as are read at once. */
const MOST = 1000;

export const listEvents = defineTool({
  name: 'list_events',
  title: 'List events',
  description: `Returns what happened on the LAN, oldest first: the newest events, or those after an id, as far as the caller may know of them.
Whoever keeps position and asks for what came after it misses nothing of the last 100,000 events.`,
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    after: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Id of an event, or a position; default: the newest'),
    limit: count(20).describe('At most so many'),
    namespace: readNamespace,
  }),
  output: z.object({
    events: z.array(eventView),
    position: z.string().describe('To go on from; before the first event it is that of the empty log'),
  }),
  async handle({ after, limit, namespace }, { engine, caller }) {
    const bus = engine.records.events;
    // Asked for first: what comes meanwhile is found once more rather than missed.
    const position = after ?? (await bus.position());
    const namespaces = readNamespaces(namespace, caller);
    // How much happens elsewhere is not to be told by what is missing.
    const looked = caller.rights?.namespaces ? MOST : limit;
    const events = await (after === undefined ? bus.newest(looked) : bus.since(after, limit));
    const known = events.filter(({ event }) => mayKnow(event, viewerOf(caller), namespaces)).slice(-limit);
    return { events: known.map(viewEvent), position: events.at(-1)?.id ?? position };
  },
  summarize: ({ events }) => lines(events, eventLine, 'No events.'),
});

import { EVENTS_KEPT } from '../../../engine/ports/eventBus.ts';
import type { RecordSpace } from './recordSpace.ts';

/** The log of events (stream). */
export const EVENTS = 'events:log';

/** What comes first in the arguments of every script that something is told by: the start of each channel's name, and how many events stay. */
export function eventArguments(space: RecordSpace): readonly [channels: string, kept: number] {
  return [space.key('events:'), EVENTS_KEPT];
}

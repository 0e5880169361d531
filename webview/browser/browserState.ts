import { type Question, question } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import {
  nullable,
  number,
  object,
  oneOf,
  type Shaped,
  text,
} from '../../src/surfaces/editor/webviews/messages/shape.ts';
import { mapState } from './map/mapState.ts';

const state = object(
  {
    question,
    /** Name of the view. */
    view: oneOf(['list', 'timeline', 'map']),
    /** Id of the memory whose details are shown. */
    selected: nullable(text()),
    /** Of the list, in CSS pixels. */
    scrollTop: number({ min: 0 }),
  },
  { map: mapState },
);

/** What a reload brings back. */
export type BrowserState = Shaped<typeof state>;
export type ViewName = BrowserState['view'];

export const EVERYTHING: Question = { query: '', filters: {}, order: 'created' };

/** As it was kept; from the beginning where nothing was, or another version kept it. */
export function restoredState(kept: unknown): BrowserState {
  try {
    return state.parse(kept);
  } catch {
    return { question: EVERYTHING, view: 'list', selected: null, scrollTop: 0 };
  }
}

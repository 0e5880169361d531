import {
  number,
  object,
  oneOf,
  type Shaped,
  text,
} from '../../../src/surfaces/editor/webviews/messages/shape.ts';

/** By what memories are coloured. */
export const COLOURED_BY = ['types', 'agents'] as const;
export type ColouredBy = (typeof COLOURED_BY)[number];

/** Which part of the map is in sight. */
const view = object(
  {
    /** What is in the middle, in the plane: from `near` on where that is there. */
    x: number(),
    y: number(),
    /** How much larger than when all is in sight. */
    zoom: number({ min: 0 }),
  },
  {
    /** Id of the memory next to the middle: a map that is laid out anew may have it elsewhere. */
    near: text({ max: 200 }),
  },
);
export type MapPart = Shaped<typeof view>;

/** What a reload brings back of the map; without a view all is in sight. */
export const mapState = object({ colouredBy: oneOf(COLOURED_BY) }, { view });
export type MapState = Shaped<typeof mapState>;

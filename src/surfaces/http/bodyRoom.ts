import { Shares } from './shares.ts';

/** Bodies up to so many bytes need no room: those of all requests that are worked on at once are little together. */
const SMALL_BYTES = 65_536;

/** What one request holds. */
export interface Held extends Disposable {
  /** @param bytes of its body so far, or as announced @returns whether there is room for them; else it holds what it held */
  grow(bytes: number): boolean;
}

/** How much of large bodies is held at once: else some hundred requests of one token would take all memory that there is. */
export class BodyRoom {
  readonly #room: Shares;

  constructor(bytes: number) {
    this.#room = new Shares(bytes);
  }

  /** @param by whose share it is of, as in `Shares` */
  hold(by: string | undefined): Held {
    let held = 0;
    return {
      grow: bytes => {
        const more = bytes <= SMALL_BYTES ? 0 : bytes - held;
        if (more <= 0) return true;
        if (!this.#room.take(more, by)) return false;
        held += more;
        return true;
      },
      [Symbol.dispose]: () => {
        this.#room.giveBack(held, by);
        held = 0;
      },
    };
  }
}

/** As many bodies as large as they may be. */
export const LARGEST_AT_ONCE = 8;

/** What is said where there is no room. */
export const NO_ROOM =
  'The server holds as many large requests as it can, or as one token may send. Nothing was done.';

import type { EmbedRequest } from './embedderMessages.ts';

/** One text of a request; `last` completes it. */
export interface NextText {
  readonly request: EmbedRequest;
  readonly index: number;
  readonly last: boolean;
}

/** Hands out the texts of requests one by one: urgent requests first, otherwise in the order they came. */
export class RequestQueue {
  readonly #urgent: { request: EmbedRequest; index: number }[] = [];
  readonly #background: { request: EmbedRequest; index: number }[] = [];

  /** @param request with at least one text */
  add(request: EmbedRequest): void {
    (request.urgent ? this.#urgent : this.#background).push({ request, index: 0 });
  }

  get empty(): boolean {
    return this.#urgent.length === 0 && this.#background.length === 0;
  }

  next(): NextText | undefined {
    const lane = this.#urgent.length > 0 ? this.#urgent : this.#background;
    const head = lane[0];
    if (head === undefined) return undefined;
    const index = head.index++;
    const last = head.index === head.request.texts.length;
    if (last) lane.shift();
    return { request: head.request, index, last };
  }
}

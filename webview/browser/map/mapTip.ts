import type { Row } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../../src/surfaces/editor/webviews/messages/labelName.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import type { BrowserClient } from '../browserView.ts';

/** A pointer that only passes by asks for nothing. */
const STILL_MS = 60;
const MOST_KNOWN = 1000;
/** Between the point and what says its title, CSS pixels. */
const AWAY = 12;

/** Says what a point is, beside it, and to a screen reader. Titles are asked for when they are needed. */
export class MapTip {
  readonly element = element('div', { class: 'map-tip foreign', hidden: true });
  /** What a screen reader says where the keyboard is. */
  readonly spoken = element('div', { class: 'visually-hidden', role: 'status' });
  readonly #client: BrowserClient;
  readonly #titles = new Map<string, string>();
  #timer = 0;
  #asked: AbortController | undefined;

  constructor(client: BrowserClient) {
    this.#client = client;
  }

  /** Memories may have changed. */
  forget(): void {
    this.#titles.clear();
  }

  /** @param x of the point, in CSS pixels of the map @param aloud the keyboard is there */
  show(id: string, x: number, y: number, aloud: boolean): void {
    this.hide();
    const known = this.#titles.get(id);
    const put = (title: string) => {
      this.#put(title, x, y);
      if (aloud) this.say(title);
    };
    if (known !== undefined) put(known);
    else
      this.#timer = window.setTimeout(async () => {
        const title = await this.#ask(id);
        if (title !== undefined) put(title);
      }, STILL_MS);
  }

  /** A screen reader says it. */
  say(text: string): void {
    this.spoken.textContent = text;
  }

  /** Its point is elsewhere on the screen. */
  move(x: number, y: number): void {
    if (!this.element.hidden) this.#stand(x, y);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#asked = undefined;
    this.element.hidden = true;
  }

  #put(title: string, x: number, y: number): void {
    this.element.textContent = title;
    this.element.hidden = false;
    this.#stand(x, y);
  }

  #stand(x: number, y: number): void {
    const { clientHeight = 0, clientWidth = 0 } = this.element.parentElement ?? {};
    const { offsetHeight, offsetWidth } = this.element;
    const left = Math.max(4, Math.min(x + AWAY, clientWidth - offsetWidth - 4));
    const below = y + AWAY + offsetHeight < clientHeight;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${below ? y + AWAY : Math.max(4, y - AWAY - offsetHeight)}px`;
  }

  async #ask(id: string): Promise<string | undefined> {
    const asked = new AbortController();
    this.#asked = asked;
    const question = { query: '', filters: { ids: [id], namespace: '*' }, order: 'created' } as const;
    try {
      const { rows } = await this.#client.request('page', { question, offset: 0, limit: 1 }, asked.signal);
      const title = rows[0] ? titleOf(rows[0]) : l10n.t('It is gone.');
      if (this.#titles.size >= MOST_KNOWN) this.#titles.clear();
      this.#titles.set(id, title);
      return title;
    } catch {
      // Another was meant meanwhile; whatever else failed, the details say so when it is opened.
      return undefined;
    }
  }
}

function titleOf({ agent, title, type }: Row): string {
  return [title, labelName(type, l10n.t), agent].filter(Boolean).join(' · ');
}

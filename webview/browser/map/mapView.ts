import type { MapAnswer, Question } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../../src/surfaces/editor/webviews/messages/labelName.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import type { BrowserContext, BrowserView } from '../browserView.ts';
import { OTHERS } from './kinds.ts';
import { fillLegend, legendEntries } from './legend.ts';
import { MapCanvas } from './mapCanvas.ts';
import { MapControls } from './mapControls.ts';
import type { ColouredBy, MapPart, MapState } from './mapState.ts';
import { emptyText, mapLabel, partText, reportText } from './mapTexts.ts';
import { MapTip } from './mapTip.ts';
import { mapToolbar } from './mapToolbar.ts';
import { coloursOf } from './palette.ts';

/** A map whose memories change all the time is drawn anew so often. */
const CALM_MS = 1000;
/** What is in sight is kept once the map lies still for so long. */
const STILL_MS = 200;
const HELP = 'map-help';

/** The map of memories: near each other lie those that say much the same. What was asked for stands out, the rest is faint. */
export class MapView implements BrowserView {
  readonly name = 'map';
  readonly element: HTMLElement;
  readonly #context: BrowserContext;
  readonly #map = new MapCanvas();
  readonly #controls: MapControls;
  readonly #tip: MapTip;
  readonly #legend = element('ul', { class: 'map-legend', 'aria-label': l10n.t('Legend') });
  readonly #empty = element('div', { class: 'empty map-empty', hidden: true });
  #colouredBy: ColouredBy;
  /** What was in sight before a reload, until a person moves the map. */
  #restored: MapPart | undefined;
  #answer: MapAnswer | undefined;
  #indexes: ReadonlyMap<string, number> = new Map();
  #question: Question | undefined;
  #selected: string | null = null;
  #hovered = -1;
  /** The point whose title is shown. */
  #told = -1;
  #loading: AbortController | undefined;
  #loadedAt = -CALM_MS;
  #timer = 0;
  #keepTimer = 0;

  /** @param kept of before a reload */
  constructor(context: BrowserContext, kept: MapState | undefined) {
    this.#context = context;
    this.#colouredBy = kept?.colouredBy ?? 'types';
    this.#restored = kept?.view;
    this.#tip = new MapTip(context.client);
    this.#controls = new MapControls(this.#map, {
      hover: point => this.#hover(point),
      focus: point => this.#focusOn(point),
      open: point => {
        this.#selected = this.#answer!.ids[point]!;
        this.#mark();
        context.select(this.#selected);
      },
      moved: () => this.#tip.say(partText(this.#map.camera.zoom, this.#map.inSight().length)),
      choose: points => this.#choose(points),
      escape: () => this.#escape(),
    });
    const { canvas } = this.#map;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-describedby', HELP);
    canvas.addEventListener('blur', () => this.#tip.hide());
    this.#map.onDrawn = () => this.#tip.move(this.#screenX(this.#told), this.#screenY(this.#told));
    this.#map.onMoved = () => {
      this.#restored = undefined;
      this.#keepSoon();
    };
    const toolbar = mapToolbar({
      colouredBy: this.#colouredBy,
      colourBy: by => {
        this.#colouredBy = by;
        this.#keepSoon();
        if (this.#answer) this.#draw(this.#answer, this.#map.points.places);
      },
      zoom: steps => this.#controls.zoom(steps),
      fit: () => this.#controls.fit(),
      draw: draws => {
        this.#controls.drawing = draws;
        canvas.classList.toggle('map-draws', draws);
      },
      chooseInSight: () => this.#choose(this.#map.inSight()),
    });
    const help = l10n.t(
      'Arrows go from memory to memory, with Shift they move the map, plus and minus zoom, 0 shows all, Enter opens, Escape takes the choice back. The list shows the same memories as text.',
    );
    this.element = element(
      'div',
      { class: 'map-view' },
      toolbar,
      element('div', { class: 'map-plane' }, canvas, this.#tip.element, this.#empty),
      this.#legend,
      this.#tip.spoken,
      element('p', { class: 'visually-hidden', id: HELP }, help),
    );
    new MutationObserver(() => this.#fillLegend()).observe(document.body, {
      attributes: true,
      attributeFilter: ['class', 'data-vscode-theme-id'],
    });
  }

  /** What a reload has to bring back. */
  get state(): MapState {
    const view = this.#restored ?? (this.#map.fitted ? undefined : this.#part());
    return { colouredBy: this.#colouredBy, ...(view && { view }) };
  }

  async show(question: Question, selected: string | null): Promise<void> {
    const same = JSON.stringify(question) === JSON.stringify(this.#question);
    this.#question = question;
    this.#selected = selected;
    this.#mark();
    clearTimeout(this.#timer);
    const wait = same ? this.#loadedAt + CALM_MS - performance.now() : 0;
    if (wait > 0) this.#timer = window.setTimeout(() => void this.#load(question), wait);
    else await this.#load(question);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#loading?.abort();
    this.#tip.hide();
    this.#map.rest();
  }

  focus(): void {
    this.#map.canvas.focus();
    if (this.#controls.focused >= 0) return;
    const selected = this.#selectedIndex();
    if (selected >= 0) this.#controls.focused = selected;
    else this.#controls.focusMiddle();
  }

  async #load(question: Question): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    const ask = (refined: boolean) =>
      this.#context.client.request('map', { question, refined }, loading.signal);
    try {
      const first = await ask(false);
      if (loading.signal.aborted) return;
      this.#take(first);
      if (first.refined) return;
      const refined = await ask(true);
      if (!loading.signal.aborted) this.#take(refined);
    } catch (error) {
      if (!loading.signal.aborted) this.#context.fail(error);
    }
  }

  #take(answer: MapAnswer): void {
    this.#loadedAt = performance.now();
    const { places: before } = this.#map.points;
    const from = answer.places.slice();
    for (const [i, id] of answer.ids.entries()) {
      const known = this.#indexes.get(id);
      if (known === undefined) continue;
      from[2 * i] = before[2 * known]!;
      from[2 * i + 1] = before[2 * known + 1]!;
    }
    const focusedId = this.#answer?.ids[this.#controls.focused];
    const toldId = this.#answer?.ids[this.#told];
    this.#answer = answer;
    this.#indexes = new Map(answer.ids.map((id, i) => [id, i]));
    this.#hovered = -1;
    this.#told = toldId === undefined ? -1 : (this.#indexes.get(toldId) ?? -1);
    if (this.#told < 0) this.#tip.hide();
    this.#tip.forget();
    this.#draw(answer, from);
    if (this.#restored) this.#restore(this.#restored);
    const focused = focusedId === undefined ? -1 : (this.#indexes.get(focusedId) ?? -1);
    if (focused !== this.#controls.focused) this.#controls.focused = focused;
    this.#mark();
    const none = answer.ids.length === 0;
    this.#empty.hidden = !none;
    this.#empty.textContent = none ? emptyText(answer) : '';
    this.#context.report(reportText(answer));
  }

  #draw(answer: MapAnswer, from: Float32Array): void {
    const kinds = answer[this.#colouredBy].map(number => Math.min(number, OTHERS));
    this.#map.show({ places: answer.places, kinds, matches: answer.matches }, from);
    this.#map.canvas.setAttribute('aria-label', mapLabel(answer, this.#colouredBy));
    this.#fillLegend();
  }

  /** What is in sight, told from the memory next to the middle on. */
  #part(): MapPart {
    const { height, width, x, y, zoom } = this.#map.camera;
    const point = this.#map.pointAt(width / 2, height / 2, width + height);
    const near = this.#answer?.ids[point];
    if (near === undefined) return { x, y, zoom };
    const { places } = this.#map.points;
    return { x: x - places[2 * point]!, y: y - places[2 * point + 1]!, zoom, near };
  }

  #restore({ near, x, y, zoom }: MapPart): void {
    const point = near === undefined ? undefined : this.#indexes.get(near);
    const { places } = this.#map.points;
    if (point !== undefined) this.#map.look(places[2 * point]! + x, places[2 * point + 1]! + y, zoom);
    // Where it is gone, nobody can tell what was in sight.
    else if (near === undefined) this.#map.look(x, y, zoom);
  }

  #keepSoon(): void {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = window.setTimeout(this.#context.keep, STILL_MS);
  }

  #fillLegend(): void {
    if (!this.#answer) return;
    const { agentNames, typeNames } = this.#answer;
    const types = this.#colouredBy === 'types';
    const numbers = this.#answer[this.#colouredBy];
    const entries = legendEntries(types ? typeNames : agentNames, numbers, name => this.#only(name));
    // What an agent calls itself stays as it is.
    const named = entries.map(one => (types ? { ...one, name: labelName(one.name, l10n.t) } : one));
    fillLegend(this.#legend, named, coloursOf(this.#map.canvas));
  }

  /** One kind alone, by the filter that the chips show. */
  #only(name: string): void {
    const { filters } = this.#question!;
    const one = this.#colouredBy === 'types' ? { types: [name] } : { agent: name };
    this.#context.ask({ ...this.#question!, filters: { ...filters, ...one } });
  }

  #choose(points: readonly number[]): void {
    const { ids = [], matches } = this.#answer ?? {};
    const chosen = points.filter(point => !matches || matches[point] === 1).map(point => ids[point]!);
    if (chosen.length === 0) this.#context.report(l10n.t('No memory there.'));
    else this.#context.ask({ ...this.#question!, filters: { ...this.#question!.filters, ids: chosen } });
  }

  #escape(): void {
    const { ids, ...filters } = this.#question!.filters;
    if (ids) this.#context.ask({ ...this.#question!, filters });
    else this.#controls.focused = -1;
  }

  #hover(point: number): void {
    if (point === this.#hovered) return;
    this.#hovered = point;
    this.#map.canvas.classList.toggle('map-over', point >= 0);
    this.#mark();
    this.#say(point, false);
  }

  #focusOn(point: number): void {
    this.#mark();
    this.#say(point, true);
  }

  #say(point: number, aloud: boolean): void {
    const id = this.#answer?.ids[point];
    this.#told = point;
    if (id === undefined) this.#tip.hide();
    else this.#tip.show(id, this.#screenX(point), this.#screenY(point), aloud);
  }

  #screenX(point: number): number {
    return this.#map.camera.screenX(this.#map.points.places[2 * point]!);
  }

  #screenY(point: number): number {
    return this.#map.camera.screenY(this.#map.points.places[2 * point + 1]!);
  }

  #mark(): void {
    this.#map.marks = {
      focused: this.#controls.focused,
      hovered: this.#hovered,
      selected: this.#selectedIndex(),
    };
  }

  #selectedIndex(): number {
    return this.#selected === null ? -1 : (this.#indexes.get(this.#selected) ?? -1);
  }
}

import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import { OTHERS } from './kinds.ts';
import type { Colours } from './palette.ts';
import { stampsOf } from './stamps.ts';

/** CSS pixels */
const RADIUS = 5;

export interface LegendEntry {
  /** Colour and shape, 0..`OTHERS`. */
  readonly kind: number;
  readonly name: string;
  readonly count: number;
  /** Shows only these; undefined: it is no one name. */
  readonly choose: (() => void) | undefined;
}

/** What the colours and shapes mean, and how many there are of each: each name is a button that shows these alone. */
export function fillLegend(legend: HTMLElement, entries: readonly LegendEntry[], colours: Colours): void {
  legend.replaceChildren(
    ...entries.map(({ choose, count, kind, name }) => {
      const content = [
        swatch(kind, colours),
        element('span', { class: 'foreign legend-name' }, name),
        element(
          'span',
          { class: 'legend-count' },
          count.toLocaleString(document.documentElement.lang || 'en'),
        ),
      ];
      const title = l10n.t('Show only {0}', name);
      const shown = choose
        ? element(
            'button',
            { class: 'legend-entry', type: 'button', title, on: { click: choose } },
            ...content,
          )
        : element('span', { class: 'legend-entry' }, ...content);
      return element('li', {}, shown);
    }),
  );
}

/** The names as they get colours: the most frequent each its own, the rest one together. @param numbers of each point the index of its name */
export function legendEntries(
  names: readonly string[],
  numbers: Uint8Array,
  choose: (name: string) => void,
): readonly LegendEntry[] {
  const counts = new Uint32Array(OTHERS + 1);
  for (const number of numbers) counts[Math.min(number, OTHERS)]! += 1;
  const entries = names.slice(0, OTHERS).map((name, kind) => ({
    ...{ kind, name: name || l10n.t('no agent'), count: counts[kind]! },
    choose: name === '' ? undefined : () => choose(name),
  }));
  if (counts[OTHERS] === 0) return entries;
  return [...entries, { kind: OTHERS, name: l10n.t('others'), count: counts[OTHERS]!, choose: undefined }];
}

function swatch(kind: number, colours: Colours): HTMLElement {
  const ratio = Math.max(1, devicePixelRatio);
  const { cover, size } = stampsOf(RADIUS * ratio);
  const canvas = element('canvas', { class: 'swatch', width: size, height: size, 'aria-hidden': 'true' });
  canvas.style.width = `${size / ratio}px`;
  canvas.style.height = `${size / ratio}px`;
  const image = new ImageData(size, size);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = (cover[kind * size * size + i]! << 24) | colours.kinds[kind]!;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

import { element } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';

/** Such as `62 %`. @param of 0..1 */
export function percent(of: number): string {
  return `${Math.round(of * 100)} %`;
}

/** The same for a style sheet. */
export function share(of: number): string {
  return `${Math.round(of * 100)}%`;
}

/** What each feature added to a score, the most first. */
export function partsText(parts: Readonly<Record<string, number>>): string {
  return sorted(parts)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('\n');
}

/** The same as a list with bars. */
export function partsList(score: number, parts: Readonly<Record<string, number>>): HTMLElement {
  const rows = sorted(parts).map(([name, value]) => {
    const bar = element('span', { class: 'part-bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--part', share(score > 0 ? value / score : 0));
    return element(
      'li',
      {},
      element('span', { class: 'part-name' }, name),
      bar,
      element('span', { class: 'part-value' }, value.toFixed(3)),
    );
  });
  return element('ul', { class: 'parts', 'aria-label': l10n.t('Parts of the score') }, ...rows);
}

function sorted(parts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(parts)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a);
}

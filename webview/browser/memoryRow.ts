import type { Row } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../src/surfaces/editor/webviews/messages/labelName.ts';
import { typeIconName } from '../../src/surfaces/editor/webviews/messages/typeIconName.ts';
import { ago, fullTime } from '../shared/ago.ts';
import { element, icon } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';
import { partsText, percent, share } from './scoreParts.ts';

/** In a row; the details have all. */
const TAGS = 3;

export function typeIcon(type: string): HTMLElement {
  return icon(typeIconName(type));
}

/** Fills a row of the list. @param memory undefined: it is on its way */
export function fillRow(row: HTMLElement, memory: Row | undefined): void {
  if (!memory) {
    row.append(element('div', { class: 'row-waiting' }, hidden(l10n.t('Loading'))));
    return;
  }
  row.dataset['id'] = memory.id;
  row.append(
    element(
      'div',
      { class: 'row-head' },
      typeIcon(memory.type),
      element('span', { class: 'row-title foreign' }, memory.title),
      hidden(labelName(memory.type, l10n.t)),
      ...marks(memory),
      memory.score === undefined
        ? element('span', { class: 'row-time', title: fullTime(memory.at) }, ago(memory.at))
        : score(memory),
    ),
    element(
      'div',
      { class: 'row-foot' },
      element('span', { class: 'row-preview foreign' }, memory.preview),
      memory.agent !== null && element('span', { class: 'row-agent foreign' }, memory.agent),
      ...memory.tags.slice(0, TAGS).map(tag => element('span', { class: 'tag foreign' }, tag)),
    ),
  );
}

function marks({ pinned, priority, review, sensitive, stale }: Row): HTMLElement[] {
  const found: HTMLElement[] = [];
  const mark = (name: string, title: string) =>
    found.push(element('span', { class: `mark mark-${name}`, title }, icon(name), hidden(title)));
  if (pinned) mark('pinned', l10n.t('Pinned'));
  if (priority === 'critical') mark('flame', l10n.t('Critical'));
  if (sensitive) mark('lock', l10n.t('Sensitive: encrypted at rest'));
  if (stale) mark('warning', stale.join('; '));
  if (review === 'rejected') mark('circle-slash', l10n.t('Rejected in review'));
  return found;
}

function score({ parts = {}, score: value = 0 }: Row): HTMLElement {
  const meter = element('span', { class: 'score-bar' });
  meter.style.setProperty('--score', share(value));
  return element('span', { class: 'row-score', title: partsText(parts) }, meter, percent(value));
}

/** Said by a screen reader, where others see an icon. */
function hidden(text: string): HTMLElement {
  return element('span', { class: 'visually-hidden' }, ` ${text} `);
}

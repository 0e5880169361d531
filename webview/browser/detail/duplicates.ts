import type { Row, WholeMemory } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import type { BrowserClient } from '../browserView.ts';
import { percent } from '../scoreParts.ts';
import type { Toast } from '../toast.ts';

interface DuplicatesOptions {
  readonly toast: Toast;
  readonly select: (id: string) => void;
  /** Absent: nothing may be changed. */
  readonly merge?: (keep: string, drop: string) => void;
}

/** Memories near in meaning: to look at, or to be merged into this one, which then has the tags of both. */
export function duplicates(
  client: BrowserClient,
  memory: WholeMemory,
  options: DuplicatesOptions,
): HTMLElement {
  const list = element('ul', { class: 'similar' }, element('li', {}, l10n.t('Loading')));
  client
    .request('similar', { id: memory.id })
    .then(rows => {
      const none = element('li', { class: 'empty' }, l10n.t('There is nothing like it.'));
      list.replaceChildren(...(rows.length > 0 ? rows.map(row => item(row, memory, options)) : [none]));
    })
    .catch(error => options.toast.fail(error));
  return list;
}

function item(row: Row, { id }: WholeMemory, { merge, select }: DuplicatesOptions): HTMLElement {
  const open = element(
    'button',
    { class: 'text-button similar-title foreign', type: 'button', on: { click: () => select(row.id) } },
    row.title,
  );
  return element(
    'li',
    {},
    element('span', { class: 'similar-score' }, percent(row.score ?? 0)),
    element(
      'span',
      { class: 'similar-text' },
      open,
      element('span', { class: 'similar-preview foreign' }, row.preview),
    ),
    merge &&
      element(
        'button',
        {
          ...{ class: 'text-button', type: 'button' },
          title: l10n.t('Keeps the memory above, with the tags of both, and deletes this one'),
          'aria-label': l10n.t('Merge “{0}” into the memory above', row.title),
          on: { click: () => merge(id, row.id) },
        },
        l10n.t('Merge'),
      ),
  );
}

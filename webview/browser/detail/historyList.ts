import type { Change, WholeMemory } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { ago, fullTime } from '../../shared/ago.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import type { BrowserClient } from '../browserView.ts';
import type { Toast } from '../toast.ts';
import { contentDiff } from './contentDiff.ts';

const KINDS: Readonly<Record<string, string>> = {
  create: l10n.t('stored'),
  update: l10n.t('changed'),
  delete: l10n.t('deleted'),
  restore: l10n.t('brought back'),
};

/** Who changed what and when, the latest first, with what it said before. @param writable the latest can be taken back */
export function historyList(
  client: BrowserClient,
  memory: WholeMemory,
  toast: Toast,
  writable: boolean,
): HTMLElement {
  const list = element('ol', { class: 'history' }, element('li', {}, l10n.t('Loading')));
  client
    .request('history', { id: memory.id })
    .then(({ changes, versions }) => {
      const contents = new Map(versions.map(({ content, version }) => [version, content]));
      contents.set(memory.version, memory.content);
      list.replaceChildren(
        ...changes.map((change, i) => item(change, contents, i === 0 && writable ? undo(change) : '')),
      );
    })
    .catch(error => toast.fail(error));
  return list;

  function undo({ operation, kind }: Change): HTMLElement | '' {
    // Undoing that it was stored is deleting it, which has its own button.
    if (kind === 'create') return '';
    const click = () => {
      client.request('undo', { operations: [operation] }).catch(error => toast.fail(error));
    };
    return element('button', { class: 'text-button', type: 'button', on: { click } }, l10n.t('Undo'));
  }
}

function item(
  { at, by, fields, kind, undoes, version }: Change,
  contents: ReadonlyMap<number, string>,
  undo: HTMLElement | '',
): HTMLElement {
  const what = undoes === null ? (KINDS[kind] ?? kind) : l10n.t('undone');
  const before = contents.get(version - 1);
  const after = contents.get(version);
  const differs = before !== undefined && after !== undefined && before !== after;
  return element(
    'li',
    {},
    element('span', { class: 'version' }, `v${version}`),
    element(
      'span',
      { class: 'foreign', title: fullTime(at) },
      fields.length > 0 ? `${what}: ${fields.join(', ')}` : what,
      element('span', { class: 'by' }, ` · ${by} · ${ago(at)}`),
    ),
    undo,
    differs && difference(before, after),
  );
}

function difference(before: string, after: string): HTMLElement {
  const part = element('details', { class: 'diff' }, element('summary', {}, l10n.t('Show what changed')));
  part.addEventListener('toggle', () => {
    if (part.open && part.childElementCount === 1) part.append(contentDiff(before, after));
  });
  return part;
}

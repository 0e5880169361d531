import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VscodeSingleSelect } from '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { WholeMemory } from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../../src/surfaces/editor/webviews/messages/labelName.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';

const TYPES = [
  ...['conversation', 'code', 'document', 'task'],
  ...['context', 'embedding', 'search_result', 'system_state'],
];
const PRIORITIES = ['critical', 'high', 'medium', 'low', 'archive'];

/** What of a memory a person changed. */
export interface Changed {
  readonly content?: string;
  readonly tags?: readonly string[];
  readonly type?: string;
  readonly priority?: string;
}

/** Content and labels of a memory to write in; Ctrl+Enter saves, Escape leaves. */
export function editForm(
  memory: WholeMemory,
  leave: () => void,
  save: (changed: Changed) => Promise<void>,
): HTMLElement {
  // The library's own draws a picture, which the page's policy refuses.
  // Of any length: what is too long is refused by name, and never cut.
  const content = element('textarea', { class: 'edit-content', 'aria-label': l10n.t('Content') });
  content.value = memory.content;
  const tags = element('vscode-textfield') as VscodeTextfield;
  tags.label = l10n.t('Tags, with commas between');
  tags.value = memory.tags.join(', ');
  const type = choice(l10n.t('Type'), TYPES, memory.type);
  const priority = choice(l10n.t('Priority'), PRIORITIES, memory.priority);
  const submit = () => {
    const labels = tags.value
      .split(',')
      .map(tag => tag.trim())
      .filter(tag => tag !== '');
    const changed: Changed = {
      ...(content.value !== memory.content && { content: content.value }),
      ...(labels.join() !== memory.tags.join() && { tags: labels }),
      ...(type.value !== memory.type && { type: type.value }),
      ...(priority.value !== memory.priority && { priority: priority.value }),
    };
    if (Object.keys(changed).length === 0) leave();
    else void save(changed);
  };
  const form = element(
    'div',
    { class: 'edit', role: 'form', 'aria-label': l10n.t('Edit the memory') },
    labelled(l10n.t('Content'), content),
    labelled(l10n.t('Tags, with commas between'), tags),
    element(
      'div',
      { class: 'edit-row' },
      labelled(l10n.t('Type'), type),
      labelled(l10n.t('Priority'), priority),
    ),
    element(
      'div',
      { class: 'edit-row' },
      element('vscode-button', { on: { click: submit } }, l10n.t('Save')),
      element('vscode-button', { secondary: true, on: { click: leave } }, l10n.t('Cancel')),
    ),
  );
  form.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
    else if (event.key === 'Escape' && !event.defaultPrevented) leave();
    else return;
    event.preventDefault();
  });
  return form;
}

function choice(label: string, values: readonly string[], value: string): VscodeSingleSelect {
  const select = element(
    'vscode-single-select',
    { label },
    ...values.map(one =>
      element('vscode-option', { value: one, selected: one === value }, labelName(one, l10n.t)),
    ),
  ) as VscodeSingleSelect;
  return select;
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return element(
    'div',
    { class: 'field' },
    element('span', { class: 'field-label', 'aria-hidden': 'true' }, text),
    control,
  );
}

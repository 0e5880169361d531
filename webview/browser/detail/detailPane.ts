import type {
  Question,
  Row,
  WholeMemory,
} from '../../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../../src/surfaces/editor/webviews/messages/labelName.ts';
import { element, iconButton } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import { rovingFocus } from '../../shared/rovingFocus.ts';
import type { BrowserClient } from '../browserView.ts';
import { typeIcon } from '../memoryRow.ts';
import { partsList, percent } from '../scoreParts.ts';
import type { Toast } from '../toast.ts';
import { duplicates } from './duplicates.ts';
import { editForm } from './editForm.ts';
import { factsList } from './factsList.ts';
import { historyList } from './historyList.ts';
import { markdown } from './markdown.ts';

interface DetailOptions {
  readonly client: BrowserClient;
  readonly toast: Toast;
  /** A label was clicked: show what has it. */
  readonly filter: (filters: Question['filters']) => void;
  readonly select: (id: string) => void;
  readonly remove: (id: string) => void;
  readonly merge: (keep: string, drop: string) => void;
  /** In a narrow page, back to the list. */
  readonly close: () => void;
}

/** One memory, whole: what it says and why it was found, its labels, its history, its like, and all that can be done with it. */
export class DetailPane {
  readonly element = element('section', { class: 'detail', 'aria-label': l10n.t('Details') });
  readonly #options: DetailOptions;
  #load = new AbortController();
  #memory: WholeMemory | undefined;
  #found: Pick<Row, 'score' | 'parts'> = {};
  #editing = false;
  #writable = false;

  constructor(options: DetailOptions) {
    this.#options = options;
    this.#showNothing();
  }

  /** Memories may be changed here. */
  get writable(): boolean {
    return this.#writable;
  }

  set writable(writable: boolean) {
    this.#writable = writable;
    if (this.#memory && !this.#editing) this.#show(this.#memory);
  }

  /** @param found how it was found, for one of a search; absent: as before for the same memory */
  async show(id: string | null, found?: Pick<Row, 'score' | 'parts'>): Promise<void> {
    const same = id !== null && id === this.#memory?.id;
    // What a person is writing is not thrown away because somebody stores something.
    if (same && this.#editing) return;
    const foundAnew = found !== undefined && found.score !== this.#found.score;
    if (found || !same) this.#found = found ?? {};
    this.#load.abort();
    this.#editing = false;
    const load = new AbortController();
    this.#load = load;
    if (id === null) return this.#showNothing();
    try {
      const memory = await this.#options.client.request('memory', { id }, load.signal);
      if (same && !foundAnew && JSON.stringify(memory) === JSON.stringify(this.#memory)) return;
      const { scrollTop } = this.element;
      this.#show(memory);
      this.element.scrollTop = same ? scrollTop : 0;
    } catch (error) {
      if (load.signal.aborted) return;
      this.#showNothing();
      this.#options.toast.fail(error);
    }
  }

  #showNothing(): void {
    this.#memory = undefined;
    this.element.classList.remove('detail-open');
    this.element.replaceChildren(
      element('p', { class: 'empty' }, l10n.t('Choose a memory to read it here.')),
    );
  }

  #show(memory: WholeMemory): void {
    const place = memory.id === this.#memory?.id ? placeIn(this.element) : undefined;
    this.#memory = memory;
    this.#editing = false;
    const { parts, score } = this.#found;
    const { client, filter, merge, select, toast } = this.#options;
    this.element.classList.add('detail-open');
    this.element.replaceChildren(
      this.#toolbar(memory),
      memory.stale.length > 0
        ? element(
            'p',
            { class: 'stale foreign', role: 'note' },
            l10n.t('Its code has changed: {0}', memory.stale.join('; ')),
          )
        : '',
      markdown(memory.content),
      factsList(memory, filter),
      score !== undefined && parts
        ? fold('found', l10n.t('Why it was found: {0}', percent(score)), () => partsList(score, parts), true)
        : '',
      fold('history', l10n.t('History'), () => historyList(client, memory, toast, this.#writable)),
      fold('similar', l10n.t('Similar memories'), () =>
        duplicates(client, memory, { select, toast, ...(this.#writable && { merge }) }),
      ),
    );
    if (place) returnTo(this.element, place);
  }

  #toolbar(memory: WholeMemory): HTMLElement {
    const { client, close, remove, toast } = this.#options;
    const { id, pinned } = memory;
    const open = (as: 'document' | 'code' | 'copy' | 'insert') => () => {
      client.request('open', { id, as }).catch(error => toast.fail(error));
    };
    const back = iconButton('arrow-left', l10n.t('Back to the list'), close);
    back.classList.add('back');
    const reading = [
      iconButton('go-to-file', l10n.t('Open as a document'), open('document')),
      iconButton('copy', l10n.t('Copy'), open('copy')),
      ...(memory.anchors.length > 0 ? [iconButton('file-code', l10n.t('Go to its code'), open('code'))] : []),
    ];
    const edit = iconButton('edit', l10n.t('Edit'), () => this.#edit(memory));
    edit.dataset['action'] = 'edit';
    const writing = [
      edit,
      iconButton(pinned ? 'pinned' : 'pin', pinned ? l10n.t('Unpin') : l10n.t('Pin'), () => {
        client.request('pin', { id, pinned: !pinned }).catch(error => toast.fail(error));
      }),
      iconButton('organization', l10n.t('Who may see it…'), () => {
        client.request('share', { id }).catch(error => toast.fail(error));
      }),
      iconButton('trash', l10n.t('Delete'), () => remove(id)),
    ];
    const bar = element(
      'div',
      { class: 'detail-actions', role: 'toolbar', 'aria-label': l10n.t('Actions') },
      ...reading,
      ...(this.#writable ? writing : []),
    );
    rovingFocus(bar, 'button');
    const title = element('h2', {}, typeIcon(memory.type), labelName(memory.type, l10n.t));
    return element('div', { class: 'detail-bar' }, back, title, bar);
  }

  #edit(memory: WholeMemory): void {
    const { client, toast } = this.#options;
    this.#editing = true;
    const leave = async () => {
      this.#editing = false;
      await this.show(memory.id, this.#found);
      this.element.querySelector<HTMLElement>('.detail-bar [data-action=edit]')?.focus();
    };
    const form = editForm(
      memory,
      () => void leave(),
      async changed => {
        try {
          const { masked } = await client.request('edit', {
            id: memory.id,
            version: memory.version,
            ...changed,
          });
          if (masked.length > 0) toast.tell(l10n.t('Saved; secrets were masked: {0}', masked.join(', ')));
          await leave();
        } catch (error) {
          toast.fail(error);
        }
      },
    );
    this.element.replaceChildren(form);
    this.element.querySelector('textarea')?.focus();
  }
}

const FOCUSABLE = 'button, summary, a[href]';

/** Where a person is in the details: which parts are open, and what has the focus, counted; -1: nothing there. */
interface Place {
  readonly open: readonly (string | undefined)[];
  readonly focus: number;
}

function placeIn(details: HTMLElement): Place {
  const open = [...details.querySelectorAll<HTMLDetailsElement>('details[open]')];
  const focusable = [...details.querySelectorAll(FOCUSABLE)];
  return {
    open: open.map(({ dataset }) => dataset['part']),
    focus: focusable.indexOf(document.activeElement!),
  };
}

/** What was done to the memory elsewhere folds nothing, and leaves the focus where it was. */
function returnTo(details: HTMLElement, { focus, open }: Place): void {
  for (const part of details.querySelectorAll<HTMLDetailsElement>('details'))
    if (open.includes(part.dataset['part'])) part.open = true;
  details.querySelectorAll<HTMLElement>(FOCUSABLE)[focus]?.focus({ preventScroll: true });
}

/** A part that is filled when a person opens it. @param name by which it is known again */
function fold(name: string, title: string, fill: () => HTMLElement, open = false): HTMLElement {
  const part = element('details', { class: 'fold', 'data-part': name }, element('summary', {}, title));
  const once = () => {
    if (part.open && part.childElementCount === 1) part.append(fill());
  };
  part.addEventListener('toggle', once);
  if (open) part.open = true;
  return part;
}

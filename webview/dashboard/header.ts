import { element, icon } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';

export interface HeaderListener {
  onEverywhere(everywhere: boolean): void;
  onPause(paused: boolean): void;
}

/** The title, whose figures are shown, and a way to hold them still. */
export class Header {
  readonly element: HTMLElement;
  readonly #here = element('option', { value: 'here' }, l10n.t('This namespace'));
  readonly #scope: HTMLSelectElement;
  readonly #pause: HTMLButtonElement;
  readonly #updated = element('span', { class: 'updated' });
  #paused = false;
  #at = '';

  constructor({ onEverywhere, onPause }: HeaderListener, everywhere: boolean) {
    const all = element('option', { value: 'everywhere' }, l10n.t('All namespaces'));
    this.#scope = element('select', { id: 'scope' }, this.#here, all);
    this.#scope.value = everywhere ? 'everywhere' : 'here';
    this.#scope.addEventListener('change', () => onEverywhere(this.#scope.value === 'everywhere'));
    this.#pause = element('button', { class: 'icon-button', type: 'button' });
    this.#pause.addEventListener('click', () => {
      this.#paused = !this.#paused;
      this.#showPause();
      this.#showTime();
      onPause(this.#paused);
    });
    this.#showPause();
    const label = element('label', { class: 'visually-hidden', for: 'scope' }, l10n.t('Figures of'));
    this.element = element(
      'header',
      {},
      element('h1', {}, l10n.t('Dashboard')),
      ...[label, this.#scope, this.#updated, this.#pause],
    );
  }

  show(namespace: string, at: number): void {
    const name = namespace === 'global' ? namespace : l10n.t('{0} and global', namespace);
    if (this.#here.textContent !== name) this.#here.textContent = name;
    this.#at = new Date(at).toLocaleTimeString(document.documentElement.lang || 'en');
    this.#showTime();
  }

  #showTime(): void {
    if (this.#at === '') return;
    this.#updated.textContent = this.#paused
      ? l10n.t('Paused at {0}', this.#at)
      : l10n.t('As of {0}', this.#at);
  }

  #showPause(): void {
    const label = this.#paused ? l10n.t('Go On') : l10n.t('Pause');
    this.#pause.title = label;
    this.#pause.setAttribute('aria-label', label);
    this.#pause.replaceChildren(icon(this.#paused ? 'debug-start' : 'debug-pause'));
  }
}

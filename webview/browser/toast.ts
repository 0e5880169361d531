import { RequestFailed } from '../shared/client.ts';
import { element, iconButton } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';

/** One line at the foot of the page: what was done, with a way back, or what went wrong. It stays until the next, or until it is closed. */
export class Toast {
  readonly element = element('div', { class: 'toast-place' });
  /** What went wrong, while that is shown. */
  #failure: string | undefined;

  /** @param undo absent: there is no way back */
  tell(text: string, undo?: () => void): void {
    const back =
      undo &&
      element(
        'button',
        {
          class: 'text-button',
          type: 'button',
          on: {
            click: () => {
              this.clear();
              undo();
            },
          },
        },
        l10n.t('Undo'),
      );
    this.#show('status', text, back);
  }

  /** An `AbortError` is nothing to tell of. */
  fail(error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    if (error instanceof RequestFailed && error.code === 'cancelled') return;
    const text = error instanceof RequestFailed ? `${error.message} ${error.fix}` : String(error);
    // Said again, a screen reader would read it again.
    if (text === this.#failure) return;
    this.#show('alert', text);
    this.#failure = text;
  }

  clear(): void {
    this.#failure = undefined;
    this.element.replaceChildren();
  }

  /** What went wrong is over. */
  clearFailure(): void {
    if (this.#failure !== undefined) this.clear();
  }

  #show(role: 'status' | 'alert', text: string, action?: HTMLElement): void {
    this.#failure = undefined;
    const close = iconButton('close', l10n.t('Close this message'), () => this.clear());
    this.element.replaceChildren(
      element(
        'div',
        { class: `toast toast-${role}`, role },
        element('span', { class: 'toast-text foreign' }, text),
        action,
        close,
      ),
    );
  }
}

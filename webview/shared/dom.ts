import { visible } from '../../src/engine/foreignText.ts';

type Child = Node | string | null | undefined | false;

interface Properties {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: never) => void>>;
  /** Everything else is an attribute: `true` without a value, `false` and undefined not at all. */
  readonly [attribute: string]: unknown;
}

/**
 * An element with its attributes, listeners and children. Texts become text, whatever they hold: no markup is parsed, and what would turn
 * the direction of reading or cannot be seen is shown by its number.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties?: Properties,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function element(tag: string, properties?: Properties, ...children: readonly Child[]): HTMLElement;
export function element(
  tag: string,
  { on = {}, ...attributes }: Properties = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    made.setAttribute(name, value === true ? '' : visible(String(value)));
  }
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener as EventListener);
  for (const child of children) if (child) made.append(typeof child === 'string' ? visible(child) : child);
  return made;
}

/** A codicon; it says nothing to a screen reader. */
export function icon(name: string): HTMLElement {
  return element('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

/** A button that is an icon alone. @param label its name for tooltip and screen reader */
export function iconButton(name: string, label: string, onClick: () => void): HTMLButtonElement {
  const properties = { class: 'icon-button', type: 'button', title: label, 'aria-label': label };
  return element('button', { ...properties, on: { click: onClick } }, icon(name));
}

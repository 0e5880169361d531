import MarkdownIt, { type Token } from 'markdown-it';
import { visible } from '../../../src/engine/foreignText.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';

/** Longer texts are shown as they are: nobody reads them as a page, and reading them would hold it. UTF-16 units. */
const MOST_CHARS = 30_000;
/** Elements that Markdown may become, by its own names. Headings stand below those of the page. */
const TAGS: Readonly<Record<string, string>> = {
  ...{ p: 'p', ul: 'ul', ol: 'ol', li: 'li', blockquote: 'blockquote', hr: 'hr' },
  ...{ h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6', h6: 'h6' },
  ...{ strong: 'strong', em: 'em', s: 's', br: 'br' },
  ...{ table: 'table', thead: 'thead', tbody: 'tbody', tr: 'tr', th: 'th', td: 'td' },
};

const READER = new MarkdownIt({ html: false, linkify: false });

/**
 * Markdown as elements of a short list. What anyone stored acts in no way: HTML in it is text, a link is its text with the address behind
 * it, a picture is its description.
 */
export function markdown(content: string): HTMLElement {
  const root = element('div', { class: 'markdown foreign' });
  if (content.length > MOST_CHARS) root.append(element('pre', { class: 'plain', tabindex: 0 }, content));
  else append(root, READER.parse(content, {}));
  return root;
}

function append(root: HTMLElement, tokens: readonly Token[]): void {
  const open: HTMLElement[] = [root];
  for (const token of tokens) {
    const parent = open.at(-1)!;
    if (token.nesting === 1) {
      // A paragraph of a tight list is none.
      const made = token.hidden ? parent : opened(token);
      if (made !== parent) parent.append(made);
      open.push(made);
    } else if (token.nesting === -1) {
      if (open.length > 1) open.pop();
    } else parent.append(...leaf(token));
  }
}

function opened(token: Token): HTMLElement {
  if (token.type === 'link_open') {
    const address = String(token.attrGet('href') ?? '');
    return element('span', {
      class: 'inert-link',
      title: address,
      'data-address': visible(shortened(address)),
    });
  }
  // What is not on the list keeps its text.
  return element(TAGS[token.tag] ?? 'span');
}

function leaf(token: Token): readonly Node[] {
  switch (token.type) {
    case 'inline': {
      const inline = document.createElement('div');
      append(inline, token.children ?? []);
      return [...inline.childNodes];
    }
    case 'softbreak':
      return [document.createTextNode(' ')];
    case 'hardbreak':
    case 'hr':
      return [element(TAGS[token.tag] ?? 'br')];
    case 'code_inline':
      return [element('code', {}, token.content)];
    case 'fence':
    case 'code_block':
      return [element('pre', { tabindex: 0 }, element('code', {}, token.content))];
    case 'image': {
      const address = shortened(String(token.attrGet('src') ?? ''));
      return [
        element('span', { class: 'inert-image' }, l10n.t('[picture: {0}] {1}', token.content, address)),
      ];
    }
    default:
      return [document.createTextNode(visible(token.content))];
  }
}

function shortened(address: string): string {
  return address.length > 100 ? `${address.slice(0, 99)}…` : address;
}

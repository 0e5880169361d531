import { diffLines } from 'diff';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';

/** Unchanged lines that are shown around a change. */
const AROUND = 3;
/** A comparison that takes longer says so instead. */
const PATIENCE_MS = 500;

/** Two versions of a text, line by line: what went, what came, and a little around it. */
export function contentDiff(before: string, after: string): HTMLElement {
  const parts = diffLines(before, after, { timeout: PATIENCE_MS });
  const box = element('div', {
    class: 'diff-lines foreign',
    tabindex: 0,
    role: 'group',
    'aria-label': l10n.t('Changes'),
  });
  if (!parts) box.append(l10n.t('The versions differ too much to be compared here.'));
  for (const { added, removed, value } of parts ?? []) {
    const lines = value.replace(/\n$/, '').split('\n');
    if (added || removed) for (const text of lines) box.append(line(added ? 'added' : 'removed', text));
    else for (const text of context(lines)) box.append(line('same', text));
  }
  return box;
}

function context(lines: readonly string[]): readonly string[] {
  if (lines.length <= 2 * AROUND) return lines;
  return [...lines.slice(0, AROUND), '…', ...lines.slice(-AROUND)];
}

function line(kind: 'added' | 'removed' | 'same', text: string): HTMLElement {
  const tag = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
  const mark = { added: '+', removed: '−', same: ' ' }[kind];
  return element(tag, { class: `diff-line diff-${kind}` }, `${mark} ${text}`);
}

import * as vscode from 'vscode';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { ago } from '../memories/listedMemory.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { sha256 } from './anchorLines.ts';
import type { CodeMemories } from './codeMemories.ts';
import { type Mark, marksAt, oneForEachMemory } from './fileMarks.ts';
import { marksShown } from './gutterMarks.ts';
import { commandLink, quotedMarkdown, withoutCode } from './hoverText.ts';
import { canReanchor, memoriesHere, stateText } from './markText.ts';

/** More memories than these make no hover, but a list. */
const SHOWN = 4;
/** A hover waits at most so long for a file that is not known yet. Milliseconds. */
const PATIENCE_MS = 1000;
const COMMANDS = ['openMemory', 'pinMemory', 'unpinMemory', 'reanchorMemory', 'deleteMemory', 'memoriesHere'];

/** What is remembered of the code under the pointer: the memories' text as quotations, and what can be done with them. */
export class CodeHover implements vscode.HoverProvider {
  readonly #code: CodeMemories;

  constructor(code: CodeMemories) {
    this.#code = code;
  }

  async provideHover(
    document: vscode.TextDocument,
    { line }: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!marksShown()) return undefined;
    const marks = oneForEachMemory(marksAt(await this.#known(document, token), line));
    if (marks.length === 0 || token.isCancellationRequested) return undefined;
    const shown = marks.slice(0, SHOWN);
    const start = Math.min(...marks.map(({ lines }) => lines.start));
    const end = Math.max(...marks.map(({ lines }) => lines.end));
    return new vscode.Hover(
      [heading(marks, shown.length), ...shown.flatMap(mark => [quotation(mark), links(mark)])],
      new vscode.Range(start, 0, end, document.lineAt(end).text.length),
    );
  }

  /** At once where the file is known. */
  async #known(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<readonly Mark[]> {
    const known = this.#code.marksOf(document);
    if (known.length > 0) return known;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<readonly Mark[]>(resolve => {
      timer = setTimeout(() => resolve([]), PATIENCE_MS);
      token.onCancellationRequested(() => resolve([]));
    });
    try {
      return await Promise.race([this.#code.load(document), enough]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function heading(marks: readonly Mark[], shown: number): vscode.MarkdownString {
  const text = trusted(`$(bookmark) ${memoriesHere(marks.length)}`);
  const ids = marks.map(({ memory }) => memory.id);
  const all = vscode.l10n.t('Show all');
  if (marks.length > shown) text.appendMarkdown(` — ${commandLink('memoriesHere', [ids], all, all)}`);
  return text;
}

/** Not trusted, and without icons: it was written by anybody. */
function quotation({ anchor, memory, state }: Mark): vscode.MarkdownString {
  const said = state === 'changed' ? memory.content : withoutCode(memory.content, anchor.textHash, sha256);
  const type = labelName(memory.type, vscode.l10n.t);
  const facts = [type, memory.agent, ago(new Date(memory.createdAt).toISOString())];
  const about = facts.filter(fact => fact !== null).join(' · ');
  return new vscode.MarkdownString(`${quotedMarkdown(said)}\n\n${escapedMarkdown(about)}`);
}

function links({ memory: { id, pinned }, state }: Mark): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const link = (command: string, icon: string, title: string) =>
    commandLink(command, [id], `$(${icon}) ${title}`, title);
  const all = [link('openMemory', 'go-to-file', t('Open'))];
  if (vscode.workspace.isTrusted) {
    all.push(pinned ? link('unpinMemory', 'pinned', t('Unpin')) : link('pinMemory', 'pin', t('Pin')));
    if (canReanchor(state)) all.push(link('reanchorMemory', 'target', t('Re-anchor')));
    all.push(link('deleteMemory', 'trash', t('Delete')));
  }
  const about = stateText(state);
  return trusted(
    [...(about ? [`${state === 'changed' ? '$(warning) ' : ''}${about}`] : []), all.join(' | ')].join('  \n'),
  );
}

/** Of our own words only. */
function trusted(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown, true);
  text.isTrusted = { enabledCommands: COMMANDS.map(command => `memoryCentral.${command}`) };
  return text;
}

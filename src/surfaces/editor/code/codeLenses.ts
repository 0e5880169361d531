import * as vscode from 'vscode';
import { setting } from '../settingOverrides.ts';
import type { CodeMemories } from './codeMemories.ts';
import { type Mark, oneForEachMemory } from './fileMarks.ts';
import { memoriesHere } from './markText.ts';

/** A line above code that memories speak of, where the setting wants it. */
export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #code: CodeMemories;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: vscode.Disposable;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(code: CodeMemories) {
    this.#code = code;
    this.#listeners = vscode.Disposable.from(
      code.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('memoryCentral.code.lens')) this.#changed.fire();
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!setting<boolean>('code.lens')) return [];
    const byLine = new Map<number, Mark[]>();
    for (const mark of this.#code.marksOf(document))
      byLine.set(mark.lines.start, [...(byLine.get(mark.lines.start) ?? []), mark]);
    return [...byLine].map(([line, marks]) => lens(line, oneForEachMemory(marks)));
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#changed.dispose();
  }
}

function lens(line: number, marks: readonly Mark[]): vscode.CodeLens {
  const stale = marks.some(({ state }) => state === 'changed');
  const icon = stale ? '$(warning)' : '$(bookmark)';
  const text = memoriesHere(marks.length);
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    // A plain space the editor leaves out beside an icon.
    title: `${icon}\u00a0${stale ? vscode.l10n.t('{0}, the code has changed since', text) : text}`,
    command: 'memoryCentral.memoriesHere',
    arguments: [marks.map(({ memory }) => memory.id)],
  });
}

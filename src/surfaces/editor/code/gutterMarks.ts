import * as vscode from 'vscode';
import { setting } from '../settingOverrides.ts';
import type { CodeMemories } from './codeMemories.ts';
import type { Mark } from './fileMarks.ts';

/** A mark beside the first line of code that a memory speaks of; another one where the code has changed since. */
export class GutterMarks implements vscode.Disposable {
  readonly #code: CodeMemories;
  readonly #fresh: vscode.TextEditorDecorationType;
  readonly #stale: vscode.TextEditorDecorationType;
  readonly #listeners: vscode.Disposable;

  constructor(code: CodeMemories, media: vscode.Uri) {
    this.#code = code;
    this.#fresh = decoration(media, 'code-memory', 'editorInfo.foreground');
    this.#stale = decoration(media, 'code-memory-stale', 'editorWarning.foreground');
    const draw = (editors: readonly vscode.TextEditor[]) => {
      for (const editor of editors) this.#draw(editor);
    };
    const { window, workspace } = vscode;
    this.#listeners = vscode.Disposable.from(
      code.onDidChange(document => draw(window.visibleTextEditors.filter(one => one.document === document))),
      window.onDidChangeVisibleTextEditors(draw),
      workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('memoryCentral.code.marks')) draw(window.visibleTextEditors);
      }),
    );
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#fresh.dispose();
    this.#stale.dispose();
  }

  #draw(editor: vscode.TextEditor): void {
    const marks = marksShown() ? this.#code.marksOf(editor.document) : [];
    const stale = linesOf(marks.filter(({ state }) => state === 'changed'));
    // One line has one mark: what needs a look comes first.
    const fresh = linesOf(marks).filter(line => !stale.includes(line));
    editor.setDecorations(this.#stale, stale.map(rangeOf));
    editor.setDecorations(this.#fresh, fresh.map(rangeOf));
  }
}

/** Marks and hovers are wanted. */
export function marksShown(): boolean {
  return setting<boolean>('code.marks') ?? true;
}

function linesOf(marks: readonly Mark[]): number[] {
  return [...new Set(marks.map(({ lines }) => lines.start))];
}

function rangeOf(line: number): vscode.Range {
  return new vscode.Range(line, 0, line, 0);
}

function decoration(media: vscode.Uri, name: string, color: string): vscode.TextEditorDecorationType {
  const icon = (theme: 'light' | 'dark') => vscode.Uri.joinPath(media, `${name}-${theme}.svg`);
  return vscode.window.createTextEditorDecorationType({
    gutterIconSize: 'contain',
    light: { gutterIconPath: icon('light') },
    dark: { gutterIconPath: icon('dark') },
    overviewRulerColor: new vscode.ThemeColor(color),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
}

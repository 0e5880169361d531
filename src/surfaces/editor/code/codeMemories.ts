import * as vscode from 'vscode';
import { linesOf } from '../../../engine/anchors/anchoredText.ts';
import { MemoryError } from '../../../engine/errors.ts';
import { currentFolder, type EditorMemory } from '../editorMemory.ts';
import { sha256 } from './anchorLines.ts';
import { FileMarks, type Mark } from './fileMarks.ts';

/** After the last keystroke it is looked so long later what has changed. Milliseconds. */
const TYPING_MS = 250;
/** A burst of changes of the store, such as an import, is read once in so long. */
const NEWS_MS = 300;
/** What a file was called before is asked so long after its memories: it costs a program. */
const NAMES_MS = 500;

interface OpenFile {
  readonly document: vscode.TextDocument;
  marks?: FileMarks;
  /** Names that the file had before; undefined until they are known. */
  names?: readonly string[];
  /** The store has changed since. */
  dirty: boolean;
  fetching?: Promise<void>;
  locating: AbortController;
  typing?: NodeJS.Timeout;
}

/**
 * The memories of the files that are open, each fetched once and then kept up to date. Nothing is fetched before a person moves in an
 * editor or the engine runs, and nobody waits: who asks is given what is known.
 */
export class CodeMemories implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #files = new Map<string, OpenFile>();
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly #listeners: vscode.Disposable;
  readonly #closed = new AbortController();
  #news: NodeJS.Timeout | undefined;

  /** The marks of a document are others, or elsewhere. */
  readonly onDidChange = this.#changed.event;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    const { window, workspace } = vscode;
    this.#listeners = vscode.Disposable.from(
      window.onDidChangeActiveTextEditor(editor => editor && this.#show(editor.document)),
      window.onDidChangeTextEditorSelection(({ kind, textEditor }) => {
        if (kind !== undefined) this.#show(textEditor.document);
      }),
      window.onDidChangeVisibleTextEditors(() => {
        if (memory.started) this.#showVisible();
      }),
      workspace.onDidChangeTextDocument(event => this.#edited(event)),
      workspace.onDidCloseTextDocument(document => this.#forget(document)),
      memory.onDidChangeState(() => {
        if (memory.started) this.#showVisible();
      }),
      memory.onDidChange(() => this.#heard()),
    );
  }

  dispose(): void {
    this.#closed.abort();
    clearTimeout(this.#news);
    this.#listeners.dispose();
    for (const { document } of [...this.#files.values()]) this.#forget(document);
    this.#changed.dispose();
  }

  /** What is known by now: at once, from what was fetched. */
  marksOf(document: vscode.TextDocument): readonly Mark[] {
    return this.#files.get(document.uri.toString())?.marks?.all ?? [];
  }

  /** Resolves once the file's memories are there; they may be of before the last change of the store. */
  async load(document: vscode.TextDocument): Promise<readonly Mark[]> {
    await this.#show(document);
    return this.marksOf(document);
  }

  #showVisible(): void {
    for (const { document } of vscode.window.visibleTextEditors) void this.#show(document);
  }

  async #show(document: vscode.TextDocument): Promise<void> {
    if (document.uri.scheme !== 'file' || document.isClosed) return;
    const key = document.uri.toString();
    const file = this.#files.get(key) ?? { document, dirty: true, locating: new AbortController() };
    this.#files.set(key, file);
    if (file.dirty) file.fetching ??= this.#fetch(file).finally(() => delete file.fetching);
    await file.fetching;
  }

  async #fetch(file: OpenFile): Promise<void> {
    const { document } = file;
    try {
      file.dirty = false;
      const found = await this.#memory.request(
        'anchoredIn',
        {
          file: document.uri.fsPath,
          formerNames: file.names ?? [],
          trusted: vscode.workspace.isTrusted,
          caller: await this.#memory.caller(currentFolder(document.uri)),
        },
        { signal: this.#closed.signal },
      );
      if (document.isClosed || this.#closed.signal.aborted) return;
      const marks = new FileMarks(found, sha256);
      if (file.marks) marks.continue(file.marks);
      file.marks = marks;
      await this.#locate(file);
      if (file.names === undefined && vscode.workspace.isTrusted)
        setTimeout(() => void this.#askNames(file), NAMES_MS);
    } catch (error) {
      file.dirty = true;
      this.#note(error);
    }
  }

  /** A file that was renamed keeps its memories. */
  async #askNames(file: OpenFile): Promise<void> {
    const { document } = file;
    if (file.names !== undefined || document.isClosed || this.#closed.signal.aborted) return;
    try {
      file.names = [];
      const { signal } = this.#closed;
      file.names = await this.#memory.request('formerNames', { file: document.uri.fsPath }, { signal });
      if (file.names.length === 0) return;
      file.dirty = true;
      await this.#show(document);
    } catch (error) {
      this.#note(error);
    }
  }

  #edited({ contentChanges, document }: vscode.TextDocumentChangeEvent): void {
    const file = this.#files.get(document.uri.toString());
    if (!file?.marks || contentChanges.length === 0) return;
    file.locating.abort();
    file.marks.follow(contentChanges);
    clearTimeout(file.typing);
    if (file.marks.all.length > 0) file.typing = setTimeout(() => void this.#locate(file), TYPING_MS);
  }

  async #locate(file: OpenFile): Promise<void> {
    file.locating.abort();
    file.locating = new AbortController();
    const { signal } = file.locating;
    const { document, marks } = file;
    try {
      if (marks && marks.all.length > 0) await marks.locate(linesOf(document.getText()), signal);
      if (!signal.aborted) this.#changed.fire(document);
    } catch (error) {
      if (!signal.aborted) this.#note(error);
    }
  }

  #heard(): void {
    for (const file of this.#files.values()) file.dirty = true;
    this.#news ??= setTimeout(() => {
      this.#news = undefined;
      const open = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
      // What is being read may be of before.
      for (const { document, fetching } of this.#files.values())
        if (open.has(document)) void (fetching ?? Promise.resolve()).then(() => this.#show(document));
    }, NEWS_MS);
  }

  #forget(document: vscode.TextDocument): void {
    const file = this.#files.get(document.uri.toString());
    if (!file) return;
    file.locating.abort();
    clearTimeout(file.typing);
    this.#files.delete(document.uri.toString());
  }

  /** A file without its marks is no reason to disturb anybody. */
  #note(error: unknown): void {
    if (MemoryError.is(error, 'cancelled')) return;
    this.#memory.log.debug('The memories of a file are not known', { error: String(error) });
  }
}

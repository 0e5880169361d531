import * as vscode from 'vscode';
import { cut } from '../../../engine/foreignText.ts';
import type { WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { BoardTask } from '../engine/board.ts';
import type { WorkPage } from '../engine/engineMessages.ts';
import { foreignPath } from '../foreignDocuments.ts';

export const WORK_SCHEME = 'memory-central';
/** Several events in quick succession are one change. */
const SETTLE_MS = 200;

const { t } = vscode.l10n;

const TITLES: Readonly<Record<WorkPage['kind'], string>> = {
  tasks: t('Tasks'),
  task: t('Task'),
  agents: t('Agents'),
  contexts: t('Shared Contexts'),
};

/** What agents do together, as Markdown documents to read that follow what happens: one task with its history, all tasks, agents. */
export class WorkDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #listeners: vscode.Disposable;
  #settle: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#listeners = vscode.Disposable.from(
      memory.onDidWork(event => this.#hear(event)),
      memory.onDidChangeState(() => memory.started && this.#refresh(() => true)),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const caller = await this.#memory.caller();
    return this.#memory.request('readPage', { page: pageOf(uri), caller });
  }

  /** @param title of a task, which its tab shows */
  async open(page: WorkPage, title: string = TITLES[page.kind]): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uriOf(page, title));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    clearTimeout(this.#settle);
    this.#listeners.dispose();
    this.#changed.dispose();
  }

  #hear({ namespace }: WorkEvent): void {
    this.#refresh(page => page.namespace === namespace);
  }

  #refresh(concerned: (page: WorkPage) => boolean): void {
    const open = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === WORK_SCHEME && concerned(pageOf(uri)),
    );
    if (open.length === 0) return;
    this.#settle ??= setTimeout(() => {
      this.#settle = undefined;
      for (const { uri } of vscode.workspace.textDocuments)
        if (uri.scheme === WORK_SCHEME) this.#changed.fire(uri);
    }, SETTLE_MS);
  }
}

/** Of a task's document. */
export function taskUri({ id, namespace, title }: Pick<BoardTask, 'id' | 'namespace' | 'title'>): vscode.Uri {
  return uriOf({ kind: 'task', namespace, id }, title);
}

/** The query decides, the path is what the tab shows. A document that is open keeps its address. */
function uriOf(page: WorkPage, title: string): vscode.Uri {
  const query = JSON.stringify(page);
  const open = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === WORK_SCHEME && uri.query === query,
  );
  if (open) return open.uri;
  const path = foreignPath(cut(title, 48), TITLES.task);
  return vscode.Uri.from({ scheme: WORK_SCHEME, path, query });
}

function pageOf(uri: vscode.Uri): WorkPage {
  return JSON.parse(uri.query) as WorkPage;
}

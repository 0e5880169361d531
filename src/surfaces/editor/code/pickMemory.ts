import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { type ListedMemory, memoryIcon } from '../memories/listedMemory.ts';
import { memoryPreview, memoryTitle } from '../memories/memoryText.ts';
import { showError } from '../showError.ts';
import type { CodeMemories } from './codeMemories.ts';
import { type Mark, marksAt, oneForEachMemory } from './fileMarks.ts';
import { canReanchor, stateText } from './markText.ts';

const LATEST = 50;

interface Item extends vscode.QuickPickItem {
  readonly id?: string;
}
interface Button extends vscode.QuickInputButton {
  readonly command: string;
}

/**
 * Lists the memories of some code, to open one or do something else with it: those of these ids, else those of the cursor's line, else
 * those of the file.
 */
export async function showMemoriesHere(
  memory: EditorMemory,
  code: CodeMemories,
  ids: readonly string[] | undefined,
): Promise<void> {
  const marks = oneForEachMemory(ids ? marksOf(code, ids) : await marksAtCursor(code));
  if (marks.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No memory speaks of this file.'));
    return;
  }
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = vscode.l10n.t('Memories of This Code');
  pick.matchOnDetail = true;
  pick.items = marks.map(markItem);
  const run = (command: string, id: string | undefined) => {
    pick.hide();
    vscode.commands
      .executeCommand(`memoryCentral.${command}`, id)
      .then(undefined, error => showError(memory, error));
  };
  pick.onDidAccept(() => run('openMemory', pick.selectedItems[0]?.id));
  pick.onDidTriggerItemButton(({ button, item }) => run((button as Button).command, item.id));
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

/** Whoever clicks on one of several editors need not be typing in it. */
function marksOf(code: CodeMemories, ids: readonly string[]): readonly Mark[] {
  return vscode.window.visibleTextEditors
    .flatMap(({ document }) => code.marksOf(document))
    .filter(({ memory }) => ids.includes(memory.id));
}

async function marksAtCursor(code: CodeMemories): Promise<readonly Mark[]> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return [];
  const all = await code.load(editor.document);
  const here = marksAt(all, editor.selection.active.line);
  return here.length > 0 ? here : all;
}

/** Lets a person choose whom to anchor: those of the file first, what has changed at the top, then the latest. */
export async function chooseMemory(
  memory: EditorMemory,
  marks: readonly Mark[],
): Promise<string | undefined> {
  const { l10n, QuickPickItemKind, window } = vscode;
  const own = [...oneForEachMemory(marks)].sort(
    (a, b) => Number(b.state === 'changed') - Number(a.state === 'changed'),
  );
  const { structured } = await memory.call<{ readonly memories: readonly ListedMemory[] }>(
    'get_agent_memories',
    { limit: LATEST, order: 'updated' },
  );
  const known = new Set(own.map(mark => mark.memory.id));
  const others = structured.memories.filter(({ id }) => !known.has(id));
  const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });
  const items = [
    ...(own.length > 0 ? [separator(l10n.t('Of this file'))] : []),
    ...own.map(mark => ({ ...markItem(mark), buttons: [] })),
    ...(others.length > 0 ? [separator(l10n.t('Latest'))] : []),
    ...others.map(({ content, id, memory_type }) => item(id, content, memory_type)),
  ];
  const chosen = await window.showQuickPick<Item>(items, {
    title: l10n.t('Anchor a Memory to the Selection'),
    matchOnDetail: true,
  });
  return chosen?.id;
}

function markItem({ lines: { end, start }, memory, state }: Mark): Item {
  const { t } = vscode.l10n;
  const where = start === end ? t('line {0}', start + 1) : t('lines {0} to {1}', start + 1, end + 1);
  const said = stateText(state);
  const about = said === '' ? where : state === 'whole' ? said : `${where} · ${said}`;
  return {
    ...item(memory.id, memory.content, memory.type),
    description: about,
    buttons: buttons(memory.pinned, state),
  };
}

function item(id: string, content: string, type: string): Item {
  const text = content.replace(/^ *```.*$/gm, '');
  const label = memoryTitle(text, 70);
  const detail = withoutIcons(memoryPreview(text, label));
  return { id, label: withoutIcons(label), detail, iconPath: memoryIcon(type) };
}

/** The editor would make a picture of `$(trash)`. */
function withoutIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

function buttons(pinned: boolean, state: Mark['state']): Button[] {
  if (!vscode.workspace.isTrusted) return [];
  const { t } = vscode.l10n;
  const button = (command: string, icon: string, tooltip: string): Button => ({
    ...{ command, tooltip },
    iconPath: new vscode.ThemeIcon(icon),
  });
  return [
    ...(canReanchor(state)
      ? [button('reanchorMemory', 'target', t('Re-anchor to the code as it is now'))]
      : []),
    pinned ? button('unpinMemory', 'pinned', t('Unpin')) : button('pinMemory', 'pin', t('Pin')),
    button('deleteMemory', 'trash', t('Delete')),
  ];
}

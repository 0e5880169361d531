import * as vscode from 'vscode';
import { linesOf } from '../../../engine/anchors/anchoredText.ts';
import { MemoryError } from '../../../engine/errors.ts';
import { LIMITS } from '../../../engine/model/limits.ts';
import type { Anchor } from '../../../engine/model/memory.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { anchorLines, selectedLines } from './anchorLines.ts';
import type { CodeMemories } from './codeMemories.ts';
import type { Mark } from './fileMarks.ts';

interface WithAnchors {
  readonly version: number;
  readonly anchors: readonly Anchor[];
}

/** Anchors a memory to the code as it is now, wherever its marks stand in the file that is open. */
export async function reanchor(memory: EditorMemory, code: CodeMemories, id: string): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const marks = document
    ? code.marksOf(document).filter(({ memory: { id: of }, state }) => of === id && state !== 'whole')
    : [];
  if (!document || marks.length === 0) {
    throw new MemoryError(
      'invalid_input',
      'The memory has no mark in the file that is open.',
      'Open that file, or select code and use "Anchor a Memory to the Selection…".',
    );
  }
  const text = linesOf(document.getText());
  const { anchors, version } = await whole(memory, id);
  const changed = await Promise.all(
    anchors.map(async anchor => {
      const mark = marks.find(one => isSame(one.anchor, anchor));
      return (mark && (await anchorLines(memory, document.uri, text, mark.lines))) ?? anchor;
    }),
  );
  await save(memory, id, version, changed, marks[0]!.lines);
}

/** Anchors a memory to what is selected, in the place of its marks in this file and of files that are gone; beside those in other files. */
export async function anchorToSelection(
  memory: EditorMemory,
  code: CodeMemories,
  choose: () => Promise<string | undefined>,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty)
    throw new MemoryError('invalid_input', 'Nothing is selected.', 'Select the code that it speaks of.');
  const { document, selection } = editor;
  const text = linesOf(document.getText());
  const marks = code.marksOf(document);
  const id = await choose();
  if (id === undefined) return;
  const lines = selectedLines(selection);
  const anchor = await anchorLines(memory, document.uri, text, lines);
  if (!anchor)
    throw new MemoryError('invalid_input', 'This document is no file.', 'Select code in a file of a folder.');
  const { anchors, version } = await whole(memory, id);
  const places = await memory.request('placesOf', { id, caller: await memory.caller() });
  const gone = places.filter(({ state }) => state === 'gone').map(place => place.anchor);
  const own = marks.filter(mark => mark.memory.id === id).map((mark: Mark) => mark.anchor);
  const kept = anchors.filter(one => ![...own, ...gone].some(other => isSame(one, other)));
  await save(memory, id, version, [anchor, ...kept].slice(0, LIMITS.anchors), lines);
}

async function whole(memory: EditorMemory, id: string): Promise<WithAnchors> {
  return (await memory.call<WithAnchors>('retrieve_memory', { memory_id: id })).structured;
}

async function save(
  memory: EditorMemory,
  id: string,
  version: number,
  anchors: readonly Anchor[],
  { end, start }: Mark['lines'],
): Promise<void> {
  const { structured } = await memory.call<{ readonly operation_id: string | null }>('update_memory', {
    memory_id: id,
    anchors,
    // What somebody else anchored meanwhile is not overwritten.
    expected_version: version,
  });
  const operation = structured.operation_id;
  const { t } = vscode.l10n;
  const undo = t('Undo');
  const text =
    start === end
      ? t('Anchored to line {0}.', start + 1)
      : t('Anchored to lines {0} to {1}.', start + 1, end + 1);
  // Not awaited: the command is done, and its message stays for a while.
  void vscode.window
    .showInformationMessage(text, ...(operation === null ? [] : [undo]))
    .then(choice => choice === undo && vscode.commands.executeCommand('memoryCentral.undo', operation));
}

function isSame(one: Anchor, other: Anchor): boolean {
  const fields = ['repository', 'path', 'commit', 'startLine', 'endLine', 'textHash'] as const;
  return fields.every(field => one[field] === other[field]);
}

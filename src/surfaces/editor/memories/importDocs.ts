import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { currentFolder, type EditorMemory } from '../editorMemory.ts';
import { inertMessage } from '../inertText.ts';
import { noteStep } from '../welcome/steps.ts';

interface Imported {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
}

/** Makes memories of the folder's Markdown (README, docs, instructions of agents); a second run adds nothing. */
export async function importDocs(memory: EditorMemory): Promise<void> {
  const path = currentFolder();
  if (path === undefined)
    throw new MemoryError(
      'invalid_input',
      'No folder on a disk is open and trusted.',
      'Open one and trust it.',
    );
  const { t } = vscode.l10n;
  const { added, updated, unchanged, skipped } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Importing documentation'),
      cancellable: true,
    },
    async (progress, token) => {
      let last = 0;
      const { structured } = await memory.call<Imported>(
        'import_memories',
        { path, kind: 'markdown' },
        {
          token,
          onProgress({ done, total, message }) {
            progress.report({
              message: inertMessage(message ?? `${done}`),
              ...(total && { increment: ((done - last) / total) * 100 }),
            });
            last = done;
          },
        },
      );
      return structured;
    },
  );
  const counts = [
    t('{0} added', added),
    ...(updated > 0 ? [t('{0} updated', updated)] : []),
    ...(unchanged > 0 ? [t('{0} unchanged', unchanged)] : []),
    ...(skipped > 0 ? [t('{0} skipped', skipped)] : []),
  ];
  noteStep('imported');
  void vscode.window.showInformationMessage(
    t("Memories from this workspace's docs: {0}.", counts.join(', ')),
  );
}

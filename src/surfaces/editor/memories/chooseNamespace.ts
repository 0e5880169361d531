import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';

/** Lets a person choose what this workspace reads and writes beside `global`. */
export async function chooseNamespace(memory: EditorMemory): Promise<void> {
  const { structured } = await memory.call<{ by_namespace: Record<string, number> }>('memory_stats', {
    namespace: '*',
  });
  const { namespace: present } = await memory.caller();
  const { t } = vscode.l10n;
  const own = {
    label: `$(home) ${t('This repository')}`,
    description: t('the default'),
    namespace: undefined,
  };
  const other = { label: `$(edit) ${t('Another…')}`, description: t('type its name'), namespace: '' };
  const known = Object.entries(structured.by_namespace).map(([namespace, count]) => ({
    label: namespace === 'global' ? '$(globe) global' : `$(repo) ${namespace}`,
    description: namespace === present ? t('{0} memories, in use', count) : t('{0} memories', count),
    namespace: namespace as string | undefined,
  }));
  const choice = await vscode.window.showQuickPick([own, ...known, other], {
    title: t('Switch Namespace'),
    placeHolder: t('Now: {0}', present),
  });
  if (!choice) return;
  const typed =
    choice === other
      ? await vscode.window.showInputBox({ title: t('Namespace'), placeHolder: 'github.com/owner/name' })
      : choice.namespace;
  if (choice === other && !typed?.trim()) return;
  await memory.chooseNamespace(typed?.trim());
}

import * as vscode from 'vscode';
import type { EditorMemory } from './editorMemory.ts';

/** Lets a person choose what this workspace reads and writes beside `global`. */
export async function chooseNamespace(memory: EditorMemory): Promise<void> {
  const { structured } = await memory.call<{ by_namespace: Record<string, number> }>('memory_stats', {
    namespace: '*',
  });
  const { namespace: present } = await memory.caller();
  const own = { label: '$(home) This repository', description: 'the default', namespace: undefined };
  const other = { label: '$(edit) Another…', description: 'type its name', namespace: '' };
  const known = Object.entries(structured.by_namespace).map(([namespace, count]) => ({
    label: namespace === 'global' ? '$(globe) global' : `$(repo) ${namespace}`,
    description: `${count} memories${namespace === present ? ', in use' : ''}`,
    namespace: namespace as string | undefined,
  }));
  const choice = await vscode.window.showQuickPick([own, ...known, other], {
    title: 'Switch Namespace',
    placeHolder: `Now: ${present}`,
  });
  if (!choice) return;
  const typed =
    choice === other
      ? await vscode.window.showInputBox({ title: 'Namespace', placeHolder: 'github.com/owner/name' })
      : choice.namespace;
  if (choice === other && !typed?.trim()) return;
  await memory.chooseNamespace(typed?.trim());
}

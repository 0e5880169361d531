import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import type { MemoryView } from '../../../tools/memories/views.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { withoutIcons } from '../inertText.ts';

interface Audience extends vscode.QuickPickItem {
  readonly visibility: 'public' | 'private' | 'shared';
}

interface Name extends vscode.QuickPickItem {
  readonly name: string;
}

/** Asks who may see a memory. @returns whether that was changed */
export async function shareMemory(
  memory: EditorMemory,
  { id, namespace, shared_with, visibility }: MemoryView,
): Promise<boolean> {
  const title = vscode.l10n.t('Who May See This Memory');
  const now = (one: string) => (one === visibility ? vscode.l10n.t('now') : '');
  const audiences: readonly Audience[] = [
    {
      label: `$(globe) ${vscode.l10n.t('Everybody in {0}', namespace)}`,
      description: now('public'),
      visibility: 'public',
    },
    {
      label: `$(organization) ${vscode.l10n.t('Some agents…')}`,
      description: now('shared'),
      visibility: 'shared',
    },
    {
      label: `$(lock) ${vscode.l10n.t('Only its owner')}`,
      description: now('private'),
      visibility: 'private',
    },
  ];
  const audience = await vscode.window.showQuickPick(audiences, { title });
  if (!audience) return false;
  if (audience.visibility !== 'shared') {
    await memory.call('update_memory', { memory_id: id, visibility: audience.visibility });
    return true;
  }
  const names = await chooseNames(memory, shared_with, title);
  if (!names || names.length === 0) return false;
  await memory.call('update_memory', { memory_id: id, visibility: 'shared', shared_with: names });
  return true;
}

async function chooseNames(
  memory: EditorMemory,
  before: readonly string[],
  title: string,
): Promise<readonly string[] | undefined> {
  const others = await memory.request('others', { caller: await memory.caller() });
  const known = new Map<string, string>(others.map(({ client, name }) => [client, name]));
  for (const name of before) if (!known.has(name)) known.set(name, name);
  const items = [...known].map(
    ([name, label]): Name => ({
      name,
      label: withoutIcons(oneLine(label)),
      ...(label !== name && { description: withoutIcons(oneLine(name)) }),
      picked: before.includes(name),
    }),
  );
  if (items.length === 0) {
    const typed = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t(
        'No other agent is known here. Name clients, such as claude-code, with commas between.',
      ),
    });
    return typed
      ?.split(',')
      .map(name => name.trim())
      .filter(name => name !== '');
  }
  const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true });
  return chosen?.map(({ name }) => name);
}

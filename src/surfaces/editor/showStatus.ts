import * as vscode from 'vscode';
import type { CentralStatus } from '../../engine/ports/store.ts';
import type { EditorMemory } from './editorMemory.ts';

/** What the memory holds and how it is, with what can be done about it. */
export async function showStatus(memory: EditorMemory): Promise<void> {
  const [status, { namespace }, { structured: stats }] = await Promise.all([
    memory.status(),
    memory.caller(),
    memory.call<{ total: number; pinned: number }>('memory_stats', {}),
  ]);
  const { embedding, store, mode, problem } = status;
  const items: (vscode.QuickPickItem & { readonly command?: string })[] = [
    line('database', `${stats.total} memories`, `${stats.pinned} pinned`),
    line('repo', namespace, namespace === 'global' ? 'namespace' : 'namespace, read beside global'),
    line(
      mode === 'hybrid' ? 'pass' : 'warning',
      mode === 'hybrid' ? 'Recall by meaning and words' : 'Recall by words only',
      problem ?? `${embedding.model}${embedding.tried ? '' : ', not tried yet'}`,
    ),
    line(
      'layers',
      `${embedding.indexed} indexed, ${embedding.pending} waiting`,
      embedding.refused > 0
        ? `in all namespaces; ${embedding.refused} refused by the model`
        : 'in all namespaces',
    ),
    line('file', store.location, `${store.driver}, ${Math.ceil(store.bytes / 1024)} kB`),
    ...(store.central ? [centralLine(store.central)] : []),
    ...(store.locked === undefined ? [] : [line('lock', 'Sensitive memories cannot be read', store.locked)]),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    line('search', 'Search Memories', '', 'memoryCentral.search'),
    line('repo', 'Switch Namespace', '', 'memoryCentral.switchNamespace'),
    line('tools', 'Check and Rebuild the Search Index', '', 'memoryCentral.reindex'),
    line('output', 'Show Logs', '', 'memoryCentral.showLogs'),
    line('gear', 'Open Settings', '', 'memoryCentral.openSettings'),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Memory Central: Status' });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
}

function centralLine({ location, problem, waiting }: CentralStatus) {
  return problem === undefined
    ? line('cloud', location, `central memory, ${waiting} waiting`)
    : line('cloud-offline', `Offline, ${waiting} waiting`, problem);
}

function line(icon: string, label: string, description: string, command?: string) {
  return { label: `$(${icon}) ${label}`, description, ...(command && { command }) };
}

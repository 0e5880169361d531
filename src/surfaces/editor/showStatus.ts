import * as vscode from 'vscode';
import { oneLine } from '../../engine/foreignText.ts';
import type { TaskState } from '../../engine/model/task.ts';
import type { CentralStatus } from '../../engine/ports/store.ts';
import type { EditorMemory } from './editorMemory.ts';
import type { Team } from './engine/engineMessages.ts';
import { withoutIcons } from './inertText.ts';
import { stateName } from './sidebar/taskItem.ts';
import type { WorkDocuments } from './work/workDocuments.ts';

const { t } = vscode.l10n;

/** Of what stands beside a line. */
const DETAIL_CHARS = 500;
const ENDED: readonly string[] = ['completed', 'dead', 'cancelled'];

interface Line extends vscode.QuickPickItem {
  readonly command?: string;
  readonly page?: 'agents' | 'tasks';
}

/** What the memory holds and how it is, with what can be done about it. */
export async function showStatus(memory: EditorMemory, documents: WorkDocuments): Promise<void> {
  const caller = await memory.caller();
  const { namespace } = caller;
  const [status, team, { structured: stats }] = await Promise.all([
    memory.status(),
    // While Redis is out of reach nobody knows of the others.
    memory.request('team', { caller }).catch(() => undefined),
    memory.call<{ total: number; pinned: number }>('memory_stats', {}),
  ]);
  const { embedding, store, mode, problem } = status;
  const items: Line[] = [
    line('database', t('{0} memories', stats.total), t('{0} pinned', stats.pinned)),
    line('repo', namespace, namespace === 'global' ? t('namespace') : t('namespace, read beside global')),
    line(
      mode === 'hybrid' ? 'pass' : 'warning',
      mode === 'hybrid' ? t('Recall by meaning and words') : t('Recall by words only'),
      problem ?? (embedding.tried ? `${embedding.model}` : t('{0}, not tried yet', `${embedding.model}`)),
    ),
    line(
      'layers',
      t('{0} indexed, {1} waiting', embedding.indexed, embedding.pending),
      embedding.refused > 0
        ? t('in all namespaces; {0} refused by the model', embedding.refused)
        : t('in all namespaces'),
    ),
    line('file', store.location, `${store.driver}, ${Math.ceil(store.bytes / 1024)} kB`),
    ...(store.central ? centralLines(store.central) : []),
    ...(store.locked === undefined
      ? []
      : [line('lock', t('Sensitive memories cannot be read'), store.locked)]),
    ...(team ? teamLines(team) : []),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    line('search', t('Search Memories'), '', 'memoryCentral.search'),
    ...(vscode.workspace.isTrusted
      ? [line('repo', t('Switch Namespace'), '', 'memoryCentral.switchNamespace')]
      : []),
    line('tools', t('Check and Rebuild the Search Index'), '', 'memoryCentral.reindex'),
    line('output', t('Show Logs'), '', 'memoryCentral.showLogs'),
    line('gear', t('Open Settings'), '', 'memoryCentral.openSettings'),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: t('Memory Central: Status') });
  if (chosen?.page) await documents.open({ kind: chosen.page, namespace });
  else if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
}

function teamLines({ agents, tasks }: Team): Line[] {
  const here = agents.filter(agent => agent.presence !== 'offline').map(agent => agent.name);
  const open = Object.entries(tasks).filter(([state, count]) => count > 0 && !ENDED.includes(state));
  const counts = open.map(([state, count]) => `${stateName(state as TaskState)}: ${count}`);
  return [
    {
      ...line(
        'organization',
        here.length === 1 ? t('1 agent here') : t('{0} agents here', here.length),
        here.join(', '),
      ),
      page: 'agents',
    },
    { ...line('checklist', t('Tasks'), counts.join(', ') || t('none is open')), page: 'tasks' },
  ];
}

function centralLines({ fix, location, problem, refused, waiting }: CentralStatus) {
  if (problem === undefined) return [line('cloud', location, t('central memory, {0} waiting', waiting))];
  return [
    line('cloud-offline', t('Offline, {0} waiting', waiting), problem),
    ...(fix === undefined || refused ? [] : [line('lightbulb', fix, '')]),
    ...(refused ? [line('key', t('Set the Password of Redis'), '', 'memoryCentral.setRedisPassword')] : []),
  ];
}

function line(icon: string, label: string, description: string, command?: string) {
  return {
    label: `$(${icon}) ${withoutIcons(oneLine(label))}`,
    description: withoutIcons(oneLine(description, DETAIL_CHARS)),
    ...(command && { command }),
  };
}

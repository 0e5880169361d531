import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import type { AgentType } from '../../../engine/model/agent.ts';
import type { BoardAgent } from '../engine/board.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { ago } from '../memories/listedMemory.ts';
import { labelName } from '../webviews/messages/labelName.ts';

const ICONS: Readonly<Record<AgentType, string>> = {
  claude: 'sparkle',
  gemini: 'star-full',
  vscode: 'vscode',
  rust_llm: 'chip',
  local_llm: 'server',
  custom: 'robot',
};
const COLOURS: Readonly<Record<BoardAgent['presence'], string>> = {
  online: 'testing.iconPassed',
  stale: 'list.warningForeground',
  offline: 'disabledForeground',
};

export interface AgentLeaf {
  readonly kind: 'agent';
  readonly agent: BoardAgent;
  /** It is this window. */
  readonly self: boolean;
  /** Title of what it works on. */
  readonly works: string | undefined;
}

/** An agent in a tree: what it is, how it is, what it works on and where. */
export function agentItem({ agent, self, works }: AgentLeaf): vscode.TreeItem {
  const item = new vscode.TreeItem(
    oneLine(agent.name),
    agent.tasks > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
  );
  // The editor keeps by the id what is folded: one that gets its first task is another, which is open.
  item.id = `agent/${agent.id}/${agent.tasks > 0 ? 'at work' : 'free'}`;
  item.iconPath = new vscode.ThemeIcon(ICONS[agent.type], new vscode.ThemeColor(COLOURS[agent.presence]));
  item.description = factsOf({ agent, self, works }).join(' · ');
  item.contextValue = agent.presence === 'offline' ? 'agent.offline' : 'agent';
  item.accessibilityInformation = { label: [item.label, agent.type, item.description].join(', ') };
  return item;
}

export function agentTooltip({ agent }: AgentLeaf): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const can = agent.capabilities.length > 0 ? agent.capabilities.join(', ') : t('nothing in particular');
  const lines = [
    `${agent.type} · ${presenceName(agent)} · ${agent.machine}`,
    t('Can: {0}', can),
    t('Holds or is offered: {0}', agent.tasks),
    agent.id,
  ];
  const text = [
    `**${escapedMarkdown(oneLine(agent.name))}**`,
    ...lines.map(line => escapedMarkdown(oneLine(line, 500))),
  ];
  return new vscode.MarkdownString(text.join('\n\n'));
}

function factsOf({ agent, self, works }: Omit<AgentLeaf, 'kind'>): readonly string[] {
  const { t } = vscode.l10n;
  const { load, machine, name } = agent;
  return [
    ...(self ? [t('this window')] : []),
    presenceName(agent),
    ...(load > 0 ? [t('load {0} %', Math.round(load * 100))] : []),
    ...(works === undefined ? [] : [oneLine(works, 80)]),
    ...(name.includes(machine) ? [] : [oneLine(machine, 60)]),
  ];
}

function presenceName({ presence, seenAt, status }: BoardAgent): string {
  if (presence === 'online' || seenAt === undefined) return oneLine(labelName(status, vscode.l10n.t), 40);
  const seen = ago(new Date(seenAt).toISOString());
  return presence === 'stale'
    ? vscode.l10n.t('silent, seen {0}', seen)
    : vscode.l10n.t('gone, seen {0}', seen);
}

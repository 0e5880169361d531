import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import { ago, type ListedMemory, memoryIcon } from './listedMemory.ts';
import { memoryTitle } from './memoryText.ts';

export interface MemoryLeaf {
  readonly kind: 'memory';
  readonly memory: ListedMemory;
  /** Another machine changed it, too: it is opened beside what it replaced. */
  readonly conflicting?: true;
}

/** A memory in a tree; what it says is text. */
export function memoryItem({ conflicting, memory }: Omit<MemoryLeaf, 'kind'>): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(memoryTitle(memory.content)));
  item.iconPath = memoryIcon(memory.memory_type);
  if (memory.created_at) item.description = ago(memory.created_at);
  const type = labelName(memory.memory_type, vscode.l10n.t);
  item.accessibilityInformation = { label: [item.label, type, item.description].filter(Boolean).join(', ') };
  item.contextValue = memory.pinned ? 'memory.pinned' : 'memory';
  // What was stored by anyone is shown as text: no link or image of it may act.
  const facts = [
    type,
    memory.priority && labelName(memory.priority, vscode.l10n.t),
    memory.sensitive ? vscode.l10n.t('sensitive') : undefined,
    memory.agent_id,
    memory.created_at?.slice(0, 10),
  ];
  const about = [...facts.filter(Boolean), ...(memory.tags ?? []).map(tag => `#${tag}`)].join(' · ');
  item.tooltip = new vscode.MarkdownString(
    `${escapedMarkdown(memory.content)}\n\n---\n\n${escapedMarkdown(about)}`,
  );
  item.command = {
    command: conflicting ? 'memoryCentral.openConflict' : 'memoryCentral.openMemory',
    title: vscode.l10n.t('Open Memory'),
    arguments: [memory],
  };
  return item;
}

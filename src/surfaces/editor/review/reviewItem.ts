import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { ago } from '../memories/listedMemory.ts';
import { memoryTitle } from '../memories/memoryText.ts';
import { labelName } from '../webviews/messages/labelName.ts';
import type { ChangeSet, WaitingMemory } from './changeSets.ts';
import { openingOf } from './reviewDocuments.ts';

export interface WaitingLeaf {
  readonly kind: 'waiting';
  readonly waiting: WaitingMemory;
}

/** How fields are called, by their names in the engine. */
const FIELDS: Readonly<Record<string, () => string>> = {
  content: () => vscode.l10n.t('text'),
  type: () => vscode.l10n.t('type'),
  priority: () => vscode.l10n.t('priority'),
  visibility: () => vscode.l10n.t('visibility'),
  sharedWith: () => vscode.l10n.t('shared with'),
  tags: () => vscode.l10n.t('tags'),
  metadata: () => vscode.l10n.t('metadata'),
  pinned: () => vscode.l10n.t('pinned'),
  sensitive: () => vscode.l10n.t('sensitive'),
  expiresAt: () => vscode.l10n.t('expiry'),
  trust: () => vscode.l10n.t('trust'),
  supersedes: () => vscode.l10n.t('supersedes'),
  validFrom: () => vscode.l10n.t('valid from'),
  validUntil: () => vscode.l10n.t('valid until'),
  anchors: () => vscode.l10n.t('code'),
};

export function setItem({ at, instance, memories, name, by }: ChangeSet): vscode.TreeItem {
  const { t } = vscode.l10n;
  const item = new vscode.TreeItem(oneLine(name), vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${by}\n${instance}`;
  item.iconPath = new vscode.ThemeIcon('hubot');
  const many = memories.length === 1 ? t('1 memory') : t('{0} memories', memories.length);
  item.description = `${many} · ${ago(at)}`;
  item.tooltip = `${oneLine(by)}\n${oneLine(instance)}`;
  item.contextValue = 'review.set';
  item.accessibilityInformation = { label: t('{0} of {1}, last {2}', many, oneLine(name), ago(at)) };
  return item;
}

export function waitingItem({ waiting }: WaitingLeaf): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { change, changed_at, content, id } = waiting;
  const item = new vscode.TreeItem(memoryTitle(content));
  const what = change === 'new' ? t('new') : t('changed: {0}', fieldsOf(waiting));
  item.id = id;
  item.description = `${what} · ${ago(changed_at)}`;
  item.iconPath =
    change === 'new'
      ? icon('diff-added', 'gitDecoration.addedResourceForeground')
      : icon('diff-modified', 'gitDecoration.modifiedResourceForeground');
  item.contextValue = `review.${change}`;
  item.accessibilityInformation = { label: `${memoryTitle(content)}, ${what}, ${ago(changed_at)}` };
  // Commands of the editor's own leave the focus to who goes on selecting with the keyboard.
  item.command = openingOf(waiting);
  return item;
}

/** What was stored by anyone is shown as text: no link or image of it may act. */
export function waitingTooltip({ waiting }: WaitingLeaf): vscode.MarkdownString {
  const { agent_id, by, content, memory_type, namespace, tags } = waiting;
  const type = labelName(memory_type, vscode.l10n.t);
  const facts = [type, agent_id, by, namespace, ...tags.map(tag => `#${tag}`)];
  const about = facts.filter(Boolean).join(' · ');
  return new vscode.MarkdownString(`${escapedMarkdown(content)}\n\n---\n\n${escapedMarkdown(about)}`);
}

function fieldsOf({ changed_fields = [] }: WaitingMemory): string {
  const names = changed_fields.map(name => FIELDS[name]?.() ?? name);
  return names.length === 0 ? vscode.l10n.t('nothing that is shown') : names.join(', ');
}

function icon(name: string, color: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
}

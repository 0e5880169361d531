import * as vscode from 'vscode';
import { howLongAgo } from '../webviews/messages/howLongAgo.ts';
import { typeIconName } from '../webviews/messages/typeIconName.ts';

/** What lists and commands need of a memory; tools answer more. */
export interface ListedMemory {
  readonly id: string;
  readonly content: string;
  readonly memory_type: string;
  readonly namespace?: string;
  readonly priority?: string;
  readonly pinned?: boolean;
  readonly sensitive?: boolean;
  readonly created_at?: string;
  readonly agent_id?: string | null;
  readonly tags?: readonly string[];
}

export function memoryIcon(type: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(typeIconName(type));
}

/** Such as `3 h ago`, or the day once it is more than a week. @param iso a time or a day, as ISO 8601 writes it */
export function ago(iso: string): string {
  return howLongAgo(iso, { t: vscode.l10n.t, language: vscode.env.language });
}

import * as vscode from 'vscode';
import { visible } from '../../../engine/foreignText.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { RETRY_MS } from '../problem.ts';

/** Seen again within this, it is not looked at anew. Milliseconds. */
const FRESH_MS = 60_000;
const VIEW = 'memoryCentral.health';

type Status = 'ok' | 'warn' | 'fail';
const ICONS: Readonly<Record<Status, readonly [icon: string, colour: string]>> = {
  ok: ['pass', 'testing.iconPassed'],
  warn: ['warning', 'list.warningForeground'],
  fail: ['error', 'list.errorForeground'],
};

interface Check {
  readonly name: string;
  readonly status: Status;
  readonly detail: string;
  readonly fix?: string;
}
interface Fix {
  readonly fix: string;
}
export type HealthNode = Check | Fix;

/** Each component that health_check looks at, with what to do: looked at when a person looks, and when asked to. */
export class HealthView implements vscode.TreeDataProvider<HealthNode>, vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #changed = new vscode.EventEmitter<void>();
  #checks: Promise<readonly Check[]> | undefined;
  #lookedAt = 0;
  #again: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
  }

  refresh(): void {
    clearTimeout(this.#again);
    this.#checks = undefined;
    this.#changed.fire();
  }

  /** A person looks again. */
  show(): void {
    if (this.#lookedAt > 0 && Date.now() - this.#lookedAt > FRESH_MS) this.refresh();
  }

  getTreeItem(node: HealthNode): vscode.TreeItem {
    return 'name' in node ? checkItem(node) : fixItem(node);
  }

  async getChildren(node?: HealthNode): Promise<HealthNode[]> {
    if (!node) {
      this.#checks ??= this.#look();
      return [...(await this.#checks)];
    }
    return 'name' in node && node.fix !== undefined ? [{ fix: node.fix }] : [];
  }

  dispose(): void {
    clearTimeout(this.#again);
    this.#changed.dispose();
  }

  async #look(): Promise<readonly Check[]> {
    try {
      const { structured } = await vscode.window.withProgress({ location: { viewId: VIEW } }, () =>
        this.#memory.call<{ checks: readonly Check[] }>('health_check', {}),
      );
      return [...structured.checks].sort((a, b) => rank(a) - rank(b));
    } catch (error) {
      // While the view is hidden the editor asks for nothing.
      this.#again = setTimeout(() => this.refresh(), RETRY_MS);
      const { fix, message } = error as Error & { fix?: string };
      return [{ name: vscode.l10n.t('engine'), status: 'fail', detail: message, ...(fix && { fix }) }];
    } finally {
      this.#lookedAt = Date.now();
    }
  }
}

/** What is wrong comes first; else as health_check has them. */
function rank({ status }: Check): number {
  return ['fail', 'warn', 'ok'].indexOf(status);
}

function checkItem({ name, status, detail, fix }: Check): vscode.TreeItem {
  const [icon, colour] = ICONS[status];
  const item = new vscode.TreeItem(
    visible(name),
    fix === undefined ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = name;
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  item.description = visible(detail);
  item.tooltip = new vscode.MarkdownString(`**${escapedMarkdown(name)}**\n\n${escapedMarkdown(detail)}`);
  item.accessibilityInformation = { label: [name, statusName(status), detail].join(', ') };
  return item;
}

function fixItem({ fix }: Fix): vscode.TreeItem {
  const item = new vscode.TreeItem(visible(fix));
  item.iconPath = new vscode.ThemeIcon('lightbulb');
  item.contextValue = 'fix';
  item.tooltip = new vscode.MarkdownString(escapedMarkdown(fix));
  item.accessibilityInformation = { label: vscode.l10n.t('What to do: {0}', fix) };
  return item;
}

function statusName(status: Status): string {
  const { t } = vscode.l10n;
  return { ok: t('well'), warn: t('warning'), fail: t('failing') }[status];
}

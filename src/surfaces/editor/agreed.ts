import * as vscode from 'vscode';

/**
 * Asks about what an editor shows, for as long as it takes to read that: a message would be gone after ten seconds, and a dialog lie over it.
 * @param detail what else there is to know
 * @param yes the answer that agrees
 */
export async function agreed(question: string, detail: string, yes: string): Promise<boolean> {
  const agree = { label: yes, detail };
  const chosen = await vscode.window.showQuickPick([agree, { label: vscode.l10n.t('Cancel') }], {
    title: question,
    ignoreFocusOut: true,
  });
  return chosen === agree;
}

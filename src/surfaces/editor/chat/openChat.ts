import * as vscode from 'vscode';

const CHAT = 'workbench.action.chat.open';

/**
 * Opens the chat with this text in its box, not sent: a person looks at it first. Copied where there is no chat.
 * @param copied what is said then
 */
export async function openChat(query: string, copied: string, mode?: 'agent'): Promise<void> {
  const commands = await vscode.commands.getCommands(true);
  if (commands.includes(CHAT)) {
    await vscode.commands.executeCommand(CHAT, { query, isPartialQuery: true, ...(mode && { mode }) });
    return;
  }
  await vscode.env.clipboard.writeText(query);
  void vscode.window.showInformationMessage(copied);
}

/** Opens the chat at `@memory`, and says what it lacks where no model could answer: the chat would only say that there is none. */
export async function askMemory(): Promise<void> {
  const { t } = vscode.l10n;
  await openChat('@memory ', t('This editor has no chat.'));
  if ((await vscode.lm.selectChatModels()).length > 0) return;
  const choice = await vscode.window.showInformationMessage(
    t(
      '@memory needs a language model to answer, and there is none here: sign in to Copilot, or add one with “Chat: Manage Language Models”. Search needs none.',
    ),
    t('Search Memories'),
  );
  if (choice) await vscode.commands.executeCommand('memoryCentral.search');
}

import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { agreed } from '../agreed.ts';
import { currentFolder } from '../editorMemory.ts';
import { closeText, textUri } from '../shownTexts.ts';
import { COPILOT_INSTRUCTIONS, INSTRUCTIONS_PATH } from './copilotInstructions.ts';

const { t } = vscode.l10n;

/** Shows the instructions that Copilot would get in this folder, and writes them when a person agrees; where they are, it takes them away. */
export async function addInstructions(): Promise<void> {
  const folder = currentFolder();
  if (folder === undefined)
    throw new MemoryError(
      'invalid_input',
      'No folder on a disk is open and trusted.',
      'Open one and trust it.',
    );
  const file = vscode.Uri.file(join(folder, INSTRUCTIONS_PATH));
  const present = await readText(file);
  if (present === COPILOT_INSTRUCTIONS) return offerRemoval(file);
  const shown = await show(file, present);
  const agree = await agreed(
    t('Write {0}, as the editor shows it?', basename(INSTRUCTIONS_PATH)),
    t('Copilot then recalls and stores unasked; the same command takes it away.'),
    t('Write'),
  );
  await closeText(shown);
  if (!agree) return;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(COPILOT_INSTRUCTIONS));
  void vscode.window.showInformationMessage(isThere());
}

/** The whole text, or what would change of it. */
async function show(file: vscode.Uri, present: string | undefined): Promise<vscode.Uri> {
  const uri = textUri(basename(INSTRUCTIONS_PATH), COPILOT_INSTRUCTIONS);
  if (present === undefined) await vscode.window.showTextDocument(uri, { preview: true });
  else await vscode.commands.executeCommand('vscode.diff', file, uri, t('Instructions for Copilot'));
  return uri;
}

async function offerRemoval(file: vscode.Uri): Promise<void> {
  const choice = await vscode.window.showInformationMessage(isThere(), t('Remove'));
  if (!choice) return;
  await vscode.workspace.fs.delete(file);
  void vscode.window.showInformationMessage(t('{0} is removed.', INSTRUCTIONS_PATH));
}

function isThere(): string {
  return t('Copilot has its instructions in {0}.', INSTRUCTIONS_PATH);
}

/** undefined where there is no such file. */
async function readText(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

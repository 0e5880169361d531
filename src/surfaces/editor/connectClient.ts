import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import { currentFolder } from './editorMemory.ts';

const run = promisify(execFile);

const CLIENTS = [
  { client: 'claude', label: 'Claude Code' },
  { client: 'codex', label: 'Codex' },
  { client: 'gemini', label: 'Gemini CLI' },
  { client: 'cursor', label: 'Cursor' },
  { client: 'opencode', label: 'OpenCode' },
] as const;

/**
 * Shows what a client's configuration would become, and writes it when a person agrees.
 * @param program the command line's, an absolute path: it knows where each client keeps its configuration
 */
export async function connectClient(program: string): Promise<void> {
  const chosen = await vscode.window.showQuickPick(CLIENTS, {
    title: 'Connect a Client',
    placeHolder: 'Which client should use this memory?',
  });
  if (!chosen) return;
  const shown = await cli(program, ['connect', chosen.client, '--instructions', '--dry-run']);
  if (!/^[-+]{3} /m.test(shown)) {
    void vscode.window.showInformationMessage(shown.trim());
    return;
  }
  const document = await vscode.workspace.openTextDocument({ content: shown, language: 'diff' });
  await vscode.window.showTextDocument(document, { preview: true });
  const agreed = await vscode.window.showInformationMessage(
    `Connect ${chosen.label} this way? The change is shown in the editor; "memory-central connect ${chosen.client} --remove" undoes it.`,
    'Connect',
  );
  if (agreed) {
    const told = await cli(program, ['connect', chosen.client, '--instructions', '--yes', '--json']);
    const { applied } = JSON.parse(told) as { applied: boolean };
    void vscode.window.showInformationMessage(
      applied ? `${chosen.label} is connected.` : 'Nothing was changed.',
    );
  }
}

/** The editor's own executable, as a plain Node. */
async function cli(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [program, ...args], {
      cwd: currentFolder(),
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
      windowsHide: true,
    });
    return stdout;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new MemoryError(
      'unavailable',
      (stderr || String(error)).trim(),
      'Run it in a terminal to see more.',
      {
        cause: error,
      },
    );
  }
}

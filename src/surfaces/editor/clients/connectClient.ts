import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import { agreed } from '../agreed.ts';
import { currentFolder } from '../editorMemory.ts';
import { inertMessage, withoutIcons } from '../inertText.ts';
import { closeText, textUri } from '../shownTexts.ts';
import { noteStep } from '../welcome/steps.ts';

const run = promisify(execFile);
const { t } = vscode.l10n;

/** Agents forget to use a memory: lines in their instructions tell them, and the plugin of Claude Code its hooks. */
const CLIENTS = [
  {
    client: 'claude',
    label: 'Claude Code',
    description: t('as a plugin: it recalls and stores unasked'),
    way: '--plugin',
  },
  { client: 'claude', label: 'Claude Code', description: t('the tools only'), way: '--instructions' },
  { client: 'codex', label: 'Codex', way: '--instructions' },
  { client: 'gemini', label: 'Gemini CLI', way: '--instructions' },
  { client: 'cursor', label: 'Cursor', way: '--instructions' },
  { client: 'opencode', label: 'OpenCode', way: '--instructions' },
] as const;

/**
 * Shows what a client's configuration would become, and writes it when a person agrees.
 * @param program the command line's, an absolute path: it knows where each client keeps its configuration
 */
export async function connectClient(program: string): Promise<void> {
  const chosen = await vscode.window.showQuickPick(CLIENTS, {
    title: t('Connect a Client'),
    placeHolder: t('Which client should use this memory?'),
    // The page it was asked for from may take the focus back.
    ignoreFocusOut: true,
  });
  if (!chosen) return;
  const { client, label, way } = chosen;
  const shown = await cli(program, ['connect', client, way, '--dry-run']);
  if (!/^[-+]{3} /m.test(shown)) {
    noteStep('connected');
    return offerRemoval(program, chosen, shown);
  }
  // That a dry run changes nothing is no part of the change.
  const uri = textUri(`${label}.diff`, shown.replace(/^Nothing was changed\.\s*$/m, ''));
  await vscode.window.showTextDocument(uri, { preview: true });
  const agree = await agreed(
    t('Connect {0} this way?', label),
    t('It changes {0}; the same command undoes it.', filesIn(shown)),
    t('Connect'),
  );
  await closeText(uri);
  if (!agree) return;
  const applied = await apply(program, ['connect', client, way]);
  if (applied) noteStep('connected');
  void vscode.window.showInformationMessage(
    applied ? t('{0} is connected.', label) : t('Nothing was changed.'),
  );
}

/** The question may lie over their names. */
function filesIn(diff: string): string {
  const names = [...diff.matchAll(/^(?:---|\+\+\+) (?!no file$)(.+)$/gm)].map(([, path]) => basename(path!));
  return withoutIcons([...new Set(names)].join(', '));
}

async function offerRemoval(
  program: string,
  { client, label }: (typeof CLIENTS)[number],
  shown: string,
): Promise<void> {
  const choice = await vscode.window.showInformationMessage(inertMessage(shown), t('Disconnect'));
  if (!choice || !(await apply(program, ['connect', client, '--remove']))) return;
  void vscode.window.showInformationMessage(t('{0} is not connected any more.', label));
}

/** @returns whether it was done */
async function apply(program: string, args: readonly string[]): Promise<boolean> {
  const told = await cli(program, [...args, '--yes', '--json']);
  return (JSON.parse(told) as { applied: boolean }).applied;
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

import * as vscode from 'vscode';
import { abortOn, type EditorMemory } from '../editorMemory.ts';
import type { Finding } from '../engine/engineMessages.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { textUri } from '../shownTexts.ts';

const SIGNS = { ok: '✔', warn: '⚠', fail: '✘' } as const;

/** Checks everything the memory needs, by using it, and shows what was found and what to do, as a page to read. */
export async function showDoctor(memory: EditorMemory): Promise<void> {
  const findings = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Examining the memory'),
      cancellable: true,
    },
    async (_, token) => {
      const cancel = abortOn(token);
      try {
        return await memory.request('examine', null, { signal: cancel.signal });
      } finally {
        cancel.dispose();
      }
    },
  );
  const uri = textUri(`${vscode.l10n.t('Doctor')}.md`, pageOf(findings));
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}

/** What is wrong first. */
function pageOf(findings: readonly Finding[]): string {
  const wrong = findings.filter(({ level }) => level !== 'ok');
  const right = findings.filter(({ level }) => level === 'ok');
  const heading =
    wrong.length === 0
      ? vscode.l10n.t('Nothing is wrong')
      : vscode.l10n.t('{0} to be looked at', wrong.length);
  return [`# ${heading}`, ...[...wrong, ...right].map(paragraph)].join('\n\n');
}

function paragraph({ check, fix, level, message }: Finding): string {
  const text = `${SIGNS[level]} **${escapedMarkdown(check)}** · ${escapedMarkdown(message)}`;
  return fix === undefined ? text : `${text}\n\n> ${escapedMarkdown(fix).replaceAll('\n', '\n> ')}`;
}

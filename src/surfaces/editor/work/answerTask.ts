import * as vscode from 'vscode';
import { oneLine } from '../../../engine/foreignText.ts';
import { askAndDo } from '../askAndDo.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { inertMessage } from '../inertText.ts';

const TITLE_CHARS = 60;

/** Asks a person what an agent wants to know, and passes it on. */
export async function answerTask(
  memory: EditorMemory,
  {
    id,
    namespace,
    question,
    title,
  }: {
    readonly id: string;
    readonly namespace: string;
    readonly question: string | null;
    readonly title: string;
  },
): Promise<void> {
  const asked = {
    title: vscode.l10n.t('Answer: {0}', oneLine(title, TITLE_CHARS)),
    prompt: inertMessage(question ?? ''),
  };
  await askAndDo(memory, asked, async text => {
    const answer = text.trim();
    if (answer !== '') await memory.call('update_task', { task_id: id, namespace, answer });
  });
}

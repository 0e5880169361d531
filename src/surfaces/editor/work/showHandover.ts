import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';

/** `@memory /continue [who]`: what another agent was doing, as it left it; a button puts it before an agent that goes on. */
export async function showHandover(
  memory: EditorMemory,
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<{ readonly command: 'continue' }> {
  stream.progress(vscode.l10n.t('Looking what others were doing'));
  const asked = request.prompt.trim();
  const others = await memory.request('others', { caller: await memory.caller() });
  const named = others.find(
    ({ id, name }) => id === asked || name.toLowerCase().startsWith(asked.toLowerCase()),
  );
  const from = asked === '' ? others[0]?.id : (named?.id ?? asked);
  const input = from === undefined ? {} : { from_agent: from };
  const { structured } = await memory.call<{ text: string }>('handoff', input, {
    ...{ token, forModel: true },
  });
  stream.markdown(markdownOf(structured.text));
  if (from !== undefined)
    stream.button({
      command: 'memoryCentral.continueWork',
      title: vscode.l10n.t('Continue in Chat'),
      arguments: [from],
    });
  return { command: 'continue' };
}

/** Lines stay lines, and nothing in them becomes a link or a picture. */
function markdownOf(text: string): string {
  return text
    .split('\n')
    .map(line => `${/^\s/.test(line) ? '  - ' : '- '}${escapedMarkdown(line.trim())}\n`)
    .join('');
}

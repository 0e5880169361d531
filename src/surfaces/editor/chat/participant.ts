import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { EditorMemory } from '../editorMemory.ts';
import { noteStep } from '../welcome/steps.ts';
import { showHandover } from '../work/showHandover.ts';
import { answer } from './answer.ts';
import { forget, remember, show, status } from './chatCommands.ts';
import { digest } from './digest.ts';
import type { Handler, Turn } from './turn.ts';

const HANDLERS: Readonly<Record<string, Handler>> = {
  ...{ recall: show, remember, forget, status, digest },
  continue: showHandover,
};

/** `@memory`: answers from memories with the chat's model, and shows them where there is none. */
export function registerParticipant(memory: EditorMemory): vscode.Disposable {
  const participant = vscode.chat.createChatParticipant(
    'memoryCentral.memory',
    async (request, context, stream, token): Promise<vscode.ChatResult> => {
      const handler = HANDLERS[request.command ?? ''] ?? answer;
      try {
        const isFirst = context.history.length === 0;
        const metadata = await handler(memory, request, stream, token, isFirst);
        noteStep('asked');
        return { metadata };
      } catch (error) {
        if (!MemoryError.is(error)) memory.log.error(error instanceof Error ? error : String(error));
        const message = MemoryError.is(error) ? `${error.message} ${error.fix}` : String(error);
        return { errorDetails: { message } };
      }
    },
  );
  participant.iconPath = new vscode.ThemeIcon('database');
  participant.followupProvider = {
    provideFollowups: ({ metadata }) => followups(metadata as Turn | undefined),
  };
  return participant;
}

function followups(turn: Turn | undefined): vscode.ChatFollowup[] {
  const { t } = vscode.l10n;
  const lately = t('What was decided lately?');
  const more = t('What else is known about this?');
  switch (turn?.command) {
    case 'recall':
      return [
        { prompt: lately, label: lately },
        { prompt: '', command: 'status', label: t('How complete is the memory?') },
      ];
    case 'remember':
      return [{ prompt: more, label: more }];
    case undefined:
      return [];
    default:
      return [{ prompt: lately, command: 'recall', label: t('Show the latest decisions') }];
  }
}

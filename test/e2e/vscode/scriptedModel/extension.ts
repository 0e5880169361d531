import * as vscode from 'vscode';
import type { Script } from '../suite/scriptedModel.ts';

const MODEL: vscode.LanguageModelChatInformation = {
  id: 'scripted',
  name: 'Scripted',
  family: 'scripted',
  version: '1',
  maxInputTokens: 100_000,
  maxOutputTokens: 10_000,
  capabilities: { toolCalling: true },
};

/** What was asked of the model, newest last: suites look at it. */
const asked: string[] = [];
/** And with which tools. */
const offers: { readonly asked: string; readonly tools: readonly string[] }[] = [];

/**
 * `CALL tool {"json":"input"}` in the last thing a person wrote calls that tool once; its result is repeated as `RESULT …`.
 * `REFUSE` fails, as without a quota. A prompt about memories is answered with `GROUNDED`; everything else with `OK`.
 */
export function activate(context: vscode.ExtensionContext): Script {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('scripted', {
      provideLanguageModelChatInformation: () => [MODEL],
      async provideLanguageModelChatResponse(_model, messages, options, progress) {
        const text = messages.map(textOf).join('\n');
        asked.push(text);
        if (text.includes('REFUSE')) throw new Error('The quota is used up.');
        offers.push({ asked: text, tools: (options.tools ?? []).map(tool => tool.name) });
        const results = messages.flatMap(message => message.content.filter(isResult));
        const calls = [...text.matchAll(/CALL (\w+) (\{.*?\}) END/g)];
        const [, name, input] = calls.at(-1) ?? [];
        if (results.length === 0 && name && input && options.tools?.some(tool => tool.name === name)) {
          progress.report(
            new vscode.LanguageModelToolCallPart(`call-${asked.length}`, name, JSON.parse(input)),
          );
          return;
        }
        const said = results.flatMap(result =>
          result.content.map(part => (part as { value?: string }).value ?? ''),
        );
        const answer =
          said.length > 0
            ? `RESULT ${said.join(' ')}`
            : text.includes('memories between the two marks')
              ? 'GROUNDED [1]'
              : 'OK';
        progress.report(new vscode.LanguageModelTextPart(answer));
      },
      provideTokenCount: async (_model, given) =>
        (typeof given === 'string' ? given : textOf(given)).length / 4,
    }),
  );
  // Until somebody asks for models, the chat knows of none.
  void vscode.lm.selectChatModels({ vendor: 'scripted' });
  return { asked, offers };
}

function textOf(message: { readonly content: readonly unknown[] }): string {
  return message.content
    .flatMap(part => (isResult(part) ? part.content : [part]))
    .map(part => (part as { value?: unknown }).value)
    .filter(value => typeof value === 'string')
    .join('\n');
}

function isResult(part: unknown): part is vscode.LanguageModelToolResultPart {
  return part instanceof vscode.LanguageModelToolResultPart;
}

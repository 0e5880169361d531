import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';

/** What the generated manifest says of a tool; read from there, so that activation loads no definition. */
interface ContributedTool {
  readonly name: string;
  readonly displayName: string;
  readonly tags: readonly string[];
}

const PREFIX = 'memoryCentral_';
const LONGEST_SHOWN = 60;

/** Offers every contributed tool to chat models. What destroys is confirmed first. */
export function registerMemoryTools(context: vscode.ExtensionContext, client: EngineClient): void {
  const { contributes } = context.extension.packageJSON as {
    contributes: { languageModelTools: readonly ContributedTool[] };
  };
  for (const { name, displayName, tags } of contributes.languageModelTools) {
    const tool = name.slice(PREFIX.length);
    context.subscriptions.push(
      vscode.lm.registerTool<Record<string, unknown>>(name, {
        prepareInvocation: ({ input }) => ({
          invocationMessage: `${displayName}${subjectOf(input)}`,
          ...(tags.includes('destroys') &&
            input['dry_run'] !== true && {
              confirmationMessages: {
                title: displayName,
                message: new vscode.MarkdownString(
                  `The agent wants to run **${displayName}** with:\n\n\`\`\`json\n${JSON.stringify(input, null, 2)}\n\`\`\`\n\nWhat is deleted can be undone.`,
                ),
              },
            }),
        }),
        async invoke({ input }, token) {
          const { text } = await client.call(tool, input, token);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        },
      }),
    );
  }
}

/** A few words of what the call is about, for the progress line. */
function subjectOf(input: Readonly<Record<string, unknown>>): string {
  const subject = input['query'] ?? input['content'] ?? input['memory_id'];
  if (typeof subject !== 'string') return '';
  const line = subject.replace(/\s+/g, ' ').trim();
  return `: ${line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN).toWellFormed()}…` : line}`;
}

import * as vscode from 'vscode';
import { MemoryError } from '../../engine/errors.ts';
import { textForModel } from '../../tools/toolResult.ts';
import type { EditorMemory } from './editorMemory.ts';
import type { ToolSummary } from './engineMessages.ts';
import { escapedMarkdown } from './escapedMarkdown.ts';

type Input = Readonly<Record<string, unknown>>;

/** Tools that read or write files of the person's choice: a model asks first. */
const TOUCHES_FILES = new Set(['import_memories', 'export_memories']);

/** Offers every tool of the manifest to the editor's language models; their definitions stay in the worker. */
export function registerLanguageModelTools(
  context: vscode.ExtensionContext,
  memory: EditorMemory,
): vscode.Disposable {
  const { languageModelTools } = context.extension.packageJSON.contributes as {
    languageModelTools: readonly { readonly name: string; readonly displayName: string }[];
  };
  let summaries: Promise<readonly ToolSummary[]> | undefined;
  const effectOf = async (tool: string) => {
    summaries ??= memory.request('tools', null);
    try {
      return (await summaries).find(one => one.name === tool)?.effect;
    } catch {
      // Unknown is treated as destroying: a person decides.
      summaries = undefined;
      return undefined;
    }
  };
  return vscode.Disposable.from(
    ...languageModelTools.map(({ name, displayName }) => {
      const tool = name.replace(/^memoryCentral_/, '');
      return vscode.lm.registerTool<Input>(name, {
        async prepareInvocation({ input }) {
          const effect = await effectOf(tool);
          const asks = !effect || effect === 'destroys' || TOUCHES_FILES.has(tool);
          return {
            invocationMessage: invocationMessage(tool, displayName, input),
            ...(asks && { confirmationMessages: { title: displayName, message: confirmation(tool, input) } }),
          };
        },
        async invoke({ input }, token) {
          try {
            const text = textForModel(await memory.call(tool, input, { token }));
            return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
          } catch (error) {
            throw forModel(error);
          }
        },
      });
    }),
  );
}

/** A model reads the message only: it has to hold what to do. */
function forModel(error: unknown): unknown {
  if (!MemoryError.is(error)) return error;
  if (error.code === 'cancelled') return new vscode.CancellationError();
  return new Error(`${error.code}: ${error.message} ${error.fix}`);
}

function invocationMessage(tool: string, title: string, input: Input): string {
  const quoted = (key: string) => `“${short(String(input[key] ?? ''), 60)}”`;
  switch (tool) {
    case 'semantic_search':
      return `Searching memories for ${quoted('query')}`;
    case 'store_memory':
      return `Remembering ${quoted('content')}`;
    case 'retrieve_memory':
      return `Reading memory ${input['memory_id']}`;
    case 'update_memory':
      return `Updating memory ${input['memory_id']}`;
    case 'get_agent_memories':
      return 'Listing memories';
    case 'find_similar_memories':
      return `Finding memories like ${input['memory_id']}`;
    case 'clear_memory':
      return 'Deleting memories';
    case 'import_memories':
    case 'export_memories':
      return `${title}: ${input['path']}`;
    default:
      return title;
  }
}

function confirmation(tool: string, input: Input): vscode.MarkdownString {
  const given = Object.entries(input)
    .filter(([key]) => key !== 'confirm')
    .map(([key, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `- ${escapedMarkdown(key.replaceAll('_', ' '))}: ${escapedMarkdown(short(text, 300))}`;
    });
  return new vscode.MarkdownString(`${question(tool, input)}\n\n${given.join('\n')}`);
}

function question(tool: string, input: Input): string {
  if (tool === 'clear_memory')
    return input['confirm'] === true
      ? 'Delete the memories that match? Each deletion can be undone.'
      : 'Look which memories would be deleted?';
  if (tool === 'batch_operations') return 'Run these operations on the memory?';
  return 'Let the model do this?';
}

function short(text: string, chars: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line;
}

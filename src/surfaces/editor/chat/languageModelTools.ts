import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { ToolSummary } from '../engine/engineMessages.ts';
import { escapedMarkdown } from '../escapedMarkdown.ts';
import { resultForModel } from './resultForModel.ts';

type Input = Readonly<Record<string, unknown>>;

const { t } = vscode.l10n;

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
  // Asked each time: a setting may have changed which tools there are.
  const offered = async (tool: string): Promise<ToolSummary | undefined> =>
    (await memory.request('tools', null)).find(one => one.name === tool);
  return vscode.Disposable.from(
    ...languageModelTools.map(({ name, displayName }) => {
      const tool = name.replace(/^memoryCentral_/, '');
      return vscode.lm.registerTool<Input>(name, {
        async prepareInvocation({ input }) {
          // Unknown is treated as destroying: a person decides.
          const effect = (await offered(tool).catch(() => undefined))?.effect;
          const asks = !effect || effect === 'destroys' || TOUCHES_FILES.has(tool);
          return {
            invocationMessage: invocationMessage(tool, displayName, input),
            ...(asks && { confirmationMessages: { title: displayName, message: confirmation(tool, input) } }),
          };
        },
        async invoke({ input }, token) {
          try {
            if (!(await offered(tool))) throw switchedOff(tool);
            const text = resultForModel(tool, await memory.call(tool, input, { token, forModel: true }));
            return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
          } catch (error) {
            throw forModel(error);
          }
        },
      });
    }),
  );
}

/** The manifest hides it where the editor's own setting says so; the environment and the files have a say, too. */
function switchedOff(tool: string): MemoryError {
  return new MemoryError(
    'forbidden',
    `The tool ${tool} is switched off.`,
    'Go on without it; a person may switch its set on with the setting memoryCentral.tools.sets.',
  );
}

/** A model reads the message only: it has to hold what to do. */
function forModel(error: unknown): unknown {
  if (!MemoryError.is(error)) return error;
  if (error.code === 'cancelled') return new vscode.CancellationError();
  return new Error(`${error.code}: ${error.message} ${error.fix}`);
}

function invocationMessage(tool: string, title: string, input: Input): string {
  const given = (key: string) => short(String(input[key] ?? ''), 60);
  switch (tool) {
    case 'semantic_search':
      return t('Searching memories for “{0}”', given('query'));
    case 'store_memory':
      return t('Remembering “{0}”', given('content'));
    case 'retrieve_memory':
      return t('Reading memory {0}', given('memory_id'));
    case 'update_memory':
      return t('Updating memory {0}', given('memory_id'));
    case 'get_agent_memories':
      return t('Listing memories');
    case 'find_similar_memories':
      return t('Finding memories like {0}', given('memory_id'));
    case 'clear_memory':
      return t('Deleting memories');
    case 'distribute_task':
      return t('Queueing the task “{0}”', given('title'));
    case 'get_pending_tasks':
      return input['claim'] === true ? t('Claiming a task') : t('Looking for tasks');
    case 'complete_task':
    case 'fail_task':
    case 'update_task':
      return `${title}: ${input['task_id']}`;
    case 'share_context_with_agent':
      return t('Sharing with “{0}”', given('to_agent'));
    case 'claim_files':
      return Array.isArray(input['globs']) ? t('Claiming {0}', short(input['globs'].join(', '), 60)) : title;
    case 'handoff':
      return input['to_agent'] === undefined
        ? t('Taking up what was left')
        : t('Handing over to “{0}”', given('to_agent'));
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
      ? t('Delete the memories that match? Each deletion can be undone.')
      : t('Look which memories would be deleted?');
  if (tool === 'unregister_agent')
    return input['memories'] === 'delete'
      ? t('Remove this agent and delete its memories? Each deletion can be undone.')
      : t('Remove this agent? Its tasks are queued again.');
  if (tool === 'batch_operations') return t('Run these operations on the memory?');
  return t('Let the model do this?');
}

function short(text: string, chars: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line;
}

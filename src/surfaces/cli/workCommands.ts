import type { Command } from 'commander';
import { MemoryError } from '../../engine/errors.ts';
import { knownTool } from './knownTool.ts';
import type { PlainArgument } from './plainArgument.ts';
import { renderPending } from './renderPending.ts';
import type { RunCommand } from './runCommand.ts';
import { type Friendly, toolCommand } from './toolCommand.ts';

/** A person works longer than a process between two signs of life; seconds. */
const LEASE_SECONDS = 1800;
const AS_HOLDER = ['fence', 'lease_id', 'agent_id'];
const FROM_HERE = `The shell that claimed it needs no more than its id; elsewhere --fence and --lease-id prove the claim.`;

const task: PlainArgument = { spec: '[id]', about: 'id of the task, which tasks shows', field: 'task_id' };

/** What people do with tasks and agents: a tool under a short name, or one of its uses. */
const FRIENDLY: readonly (Friendly & { readonly tool: string })[] = [
  {
    tool: 'distribute_task',
    name: 'submit',
    summary: 'Queue a task for the agents here',
    plain: [words('title', 'what is to be done, in a few words')],
  },
  {
    tool: 'list_tasks',
    name: 'tasks',
    summary: 'List tasks and why they wait, or show one',
    plain: [{ spec: '[id]', about: 'id of a task', field: 'task_id' }],
  },
  {
    tool: 'get_pending_tasks',
    name: 'claim',
    summary: 'Claim the next task, or these',
    description: `Claim the next task that you can do, or these, for half an hour (--lease-seconds); note renews it. End each with complete, fail or release.`,
    plain: [
      { spec: '[ids...]', about: 'ids of tasks; default: the next one', field: 'task_ids', list: true },
    ],
    flags: ['limit', 'wait_seconds', 'lease_seconds', 'agent_id'],
    meant: { claim: true, lease_seconds: LEASE_SECONDS },
    render: renderPending,
  },
  {
    tool: 'update_task',
    name: 'note',
    summary: 'Say how far the task is that you claimed',
    description: `Say how far the task is that you claimed, and hold it for another half an hour. ${FROM_HERE}`,
    plain: [task, { ...words('note', 'for whoever reads it next', 'text'), needed: ['note', 'progress'] }],
    flags: ['progress', 'lease_seconds', ...AS_HOLDER],
    meant: { lease_seconds: LEASE_SECONDS },
  },
  {
    tool: 'complete_task',
    name: 'complete',
    summary: 'End the task that you claimed',
    description: `End the task that you claimed, with its result. ${FROM_HERE}`,
    plain: [
      task,
      { ...words('result', 'what came of it: words, or one JSON object', 'result'), read: resultOf },
    ],
    flags: ['metrics', ...AS_HOLDER],
  },
  {
    tool: 'fail_task',
    name: 'fail',
    summary: 'Say that you could not do it, and why',
    description: `Say that you could not do the task that you claimed; it is tried again. ${FROM_HERE}`,
    plain: [task, words('error', 'why, for who tries next', 'why')],
    flags: ['retryable', 'retry_after', ...AS_HOLDER],
  },
  {
    tool: 'update_task',
    name: 'release',
    summary: 'Give the task back undone',
    description: `Give the task that you claimed back undone. ${FROM_HERE}`,
    plain: [task, words('note', 'for whoever goes on with it', 'note')],
    flags: ['release_to', ...AS_HOLDER],
    meant: { release: true },
  },
  {
    tool: 'update_task',
    name: 'ask',
    summary: 'Hand the task back until somebody answers',
    description: `Hand the task that you claimed back until somebody answers. ${FROM_HERE}`,
    plain: [task, { ...words('question', 'what you need to know'), needed: ['question'] }],
    flags: AS_HOLDER,
  },
  {
    tool: 'update_task',
    name: 'answer',
    summary: 'Answer the question of a task',
    plain: [task, { ...words('answer', 'what it asked for', 'text'), needed: ['answer'] }],
    flags: [],
  },
  {
    tool: 'update_task',
    name: 'cancel',
    summary: 'Cancel a task, and what depends on it',
    plain: [task, words('reason', 'why')],
    flags: [],
    meant: { cancel: true },
  },
  {
    tool: 'update_task',
    name: 'requeue',
    summary: 'Try a task again that failed for good',
    plain: [task],
    flags: [],
    meant: { requeue: true },
  },
  { tool: 'list_agents', name: 'agents', summary: 'List who works here' },
  { tool: 'get_shared_context', name: 'messages', summary: 'Show what agents share with you' },
  {
    tool: 'share_context_with_agent',
    name: 'tell',
    summary: 'Give agents a message, memories or files',
    plain: [
      {
        spec: '[to]',
        about: 'agents or clients, separated by commas; all: "*"',
        field: 'to_agent',
        needed: ['to_agent', 'reply_to'],
      },
      {
        ...words('content', 'the message', 'words'),
        needed: ['content', 'memory_ids', 'files', 'session_id'],
      },
    ],
  },
];

/** The short name of a tool, by the tool's own; not of those that have several uses. */
export const WORK_NAMES: ReadonlyMap<string, string> = new Map(
  FRIENDLY.filter(({ tool }) => !['update_task', 'get_pending_tasks'].includes(tool)).map(
    ({ tool, name }) => [tool, name],
  ),
);

export function addWorkCommands(program: Command, run: RunCommand): void {
  program.commandsGroup('Agents that work together:');
  for (const { tool, ...friendly } of FRIENDLY)
    program.addCommand(toolCommand(knownTool(tool), run, friendly));
}

function words(field: string, about: string, name = field): PlainArgument {
  return { spec: `[${name}...]`, about, field };
}

/** Words become the object that a result is. Throws `invalid_input` for what begins as JSON and is none. */
function resultOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return { summary: text };
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `<result> begins as JSON and is none: ${(error as Error).message}.`,
      `Quote it whole, such as '{"commit":"4f1c2e0"}', or say it in words.`,
      { cause: error },
    );
  }
}

import { statusOf } from '../../engine/agents/statusOf.ts';
import type { ReceivedContext } from '../../engine/contexts/contexts.ts';
import { oneLine as line, quoted as quote, visible } from '../../engine/foreignText.ts';
import type { Agent } from '../../engine/model/agent.ts';
import type { Task, TaskTransition } from '../../engine/model/task.ts';
import { isoTime } from '../../engine/model/time.ts';
import type { FileClaim } from '../../engine/ports/fileClaimStore.ts';
import type { TaskCounts, TaskLoad } from '../../engine/ports/taskStore.ts';
import type { ShownTask } from '../../engine/tasks/showTasks.ts';

/** What agents do together, as Markdown for people and models. Texts of others stand in it in one line, or quoted: they are data. */

export function tasksPage(
  tasks: readonly ShownTask[],
  total: number,
  { byState }: TaskCounts,
  agents: readonly Agent[],
): string {
  const counts = Object.entries(byState).filter(([, count]) => count > 0);
  if (counts.length === 0) return 'No tasks.';
  const left = total - tasks.length;
  return [
    counts.map(([state, count]) => `${count} ${words(state)}`).join(', '),
    '',
    ...tasks.map(task => taskLine(task, agents)),
    ...(left > 0 ? ['', `${left} older ones are not shown.`] : []),
  ].join('\n');
}

export function taskPage(
  { task, waiting }: ShownTask,
  history: readonly TaskTransition[],
  agents: readonly Agent[],
): string {
  const who = (id: string | null) => (id === null ? undefined : (nameOf(id, agents) ?? id));
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['State', `${words(task.state)}${waiting === undefined ? '' : `: ${waiting}`}`],
    ['Done', task.progress === null || task.state === 'completed' ? undefined : `${task.progress} %`],
    ['Worked on by', who(task.holder)],
    ['Last note', task.note ?? undefined],
    ['Question', task.question ?? undefined],
    ['Answer', task.answer ?? undefined],
    ['Reason', task.reason ?? undefined],
    ['Priority', task.priority],
    ['Needs', task.capabilities.join(', ') || undefined],
    ['Depends on', task.dependsOn.join(', ') || undefined],
    ['Deadline', task.deadline === null ? undefined : day(task.deadline)],
    ['Distributed by', who(task.submittedBy)],
    ['Namespace', task.namespace],
    ['Id', task.id],
  ];
  return [
    `# ${oneLine(task.title)}`,
    facts.flatMap(([name, value]) => (value === undefined ? [] : `- ${name}: ${oneLine(value)}`)).join('\n'),
    quoted(task.description),
    section('Result', task.result),
    section('Metrics', task.metrics),
    section('Payload', task.payload),
    `## History\n\n${history.map(one => historyLine(one, agents)).join('\n')}`,
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

/** @param loads in the order of the agents */
export function agentsPage(
  agents: readonly Agent[],
  loads: readonly TaskLoad[],
  files: readonly FileClaim[],
): string {
  if (agents.length === 0) return 'No agent is here.';
  return agents
    .map((agent, i) => {
      const held = files.filter(claim => claim.agent === agent.id).flatMap(claim => claim.globs);
      const facts = [
        `${agent.presence}, ${oneLine(statusOf(agent, loads[i]!.held))}`,
        ...(agent.currentTask === null ? [] : [`task ${oneLine(agent.currentTask)}`]),
        ...(agent.capabilities.length > 0 ? [`can ${agent.capabilities.map(oneLine).join(', ')}`] : []),
        ...(held.length > 0 ? [`works on ${held.map(oneLine).join(', ')}`] : []),
        `last seen ${day(agent.heartbeatAt)}`,
      ];
      return `- ${oneLine(agent.name)} (${oneLine(agent.id)}): ${facts.join('; ')}`;
    })
    .join('\n');
}

export function contextsPage(contexts: readonly ReceivedContext[]): string {
  if (contexts.length === 0) return 'Nothing is shared with you.';
  return contexts
    .map(({ context, memories }) =>
      [
        `## ${oneLine(context.topic)}`,
        `${oneLine(context.id)}, from ${oneLine(context.from)}, ${day(context.createdAt)}`,
        quoted(context.content),
        context.files.map(({ path }) => `- ${oneLine(path)}`).join('\n'),
        memories.map(({ id, content }) => `- ${oneLine(id)}: ${oneLine(content)}`).join('\n'),
      ]
        .filter(part => part !== '')
        .join('\n\n'),
    )
    .join('\n\n');
}

function taskLine({ task, waiting }: ShownTask, agents: readonly Agent[]): string {
  const { holder, progress, reason, state } = task;
  const facts = [
    ...(holder === null ? [] : [`by ${nameOf(holder, agents) ?? holder}`]),
    ...(progress === null || state === 'completed' ? [] : [`${progress} %`]),
    ...(waiting === undefined ? [] : [waiting]),
    ...(reason !== null && (state === 'dead' || state === 'cancelled') ? [reason] : []),
  ].map(oneLine);
  return `- [${words(task.state)}] ${oneLine(task.title)} (${oneLine(task.id)})${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`;
}

function historyLine({ at, by, event, note, to }: TaskTransition, agents: readonly Agent[]): string {
  const who = nameOf(by, agents) ?? by;
  return `- ${day(at)} ${event} by ${oneLine(who)}: ${words(to)}${note === null ? '' : ` (${oneLine(note)})`}`;
}

function section(title: string, data: Task['result']): string {
  if (data === null || Object.keys(data).length === 0) return '';
  // A value that is one text reads as it was written, but for the marks of a quote.
  const [only, ...more] = Object.values(data);
  const text = more.length === 0 && typeof only === 'string' ? only : undefined;
  const shown =
    text === undefined ? `\`\`\`json\n${visible(JSON.stringify(data, null, 2))}\n\`\`\`` : quoted(text);
  return `## ${title}\n\n${shown}`;
}

function nameOf(id: string, agents: readonly Agent[]): string | undefined {
  return agents.find(agent => agent.id === id)?.name;
}

/** A page has room for all of it. */
function oneLine(text: string): string {
  return line(text, Number.POSITIVE_INFINITY);
}

function quoted(text: string): string {
  return text === '' ? '' : quote(text, Number.POSITIVE_INFINITY);
}

function words(state: string): string {
  return state.replace('_', ' ');
}

function day(at: number): string {
  return isoTime(at).replace(/\.\d+Z$/, 'Z');
}

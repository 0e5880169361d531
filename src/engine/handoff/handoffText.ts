import { oneLine } from '../foreignText.ts';
import { isoTime } from '../model/time.ts';
import type { Handoff } from './handoff.ts';

/** 1,500 tokens, at four characters each. */
const MAX_CHARS = 6000;
const LINE_CHARS = 600;

/**
 * A handover as the next agent reads it, in at most 1,500 tokens: what it was doing and how far it is first, then what it left, then what it
 * found out. What has no room is left out, and how much that is said.
 */
export function handoffText({ agent, tasks, taken, files, contexts, memories, missed }: Handoff): string {
  const lines: string[] = [];
  if (agent)
    lines.push(`${agent.name} (${agent.id}), ${agent.presence}, last seen ${isoTime(agent.heartbeatAt)}`);
  for (const task of tasks) {
    const far = task.progress === null ? '' : `, ${task.progress} % done`;
    lines.push(`Task ${task.id} [${task.state}${far}]: ${task.title}`);
    if (task.description !== '') lines.push(`  ${task.description}`);
    if (task.note !== null) lines.push(`  last note: ${task.note}`);
    if (task.question !== null && task.answer === null) lines.push(`  waits for an answer: ${task.question}`);
    if (task.reason !== null) lines.push(`  last failure: ${task.reason}`);
  }
  if (taken.length > 0)
    lines.push(
      `Now yours: ${taken.map(({ leaseId, task }) => `${task.id} (fence ${task.fence}, lease_id ${leaseId})`).join(', ')}`,
    );
  if (missed.length > 0) lines.push(`Not yours, since somebody else was faster: ${missed.join(', ')}`);
  for (const { context, memories: shared } of contexts) {
    const topic = context.topic === '' ? '' : `, ${context.topic}`;
    lines.push(`Left by ${context.from}${topic}: ${context.content}`);
    if (context.files.length > 0) lines.push(`  files: ${context.files.map(({ path }) => path).join(', ')}`);
    for (const memory of shared) lines.push(`  ${memory.id}: ${memory.content}`);
  }
  if (files.length > 0) lines.push(`Works on: ${files.flatMap(({ globs }) => globs).join(', ')}`);
  if (memories.length > 0) lines.push('Stored last:');
  for (const memory of memories) lines.push(`  ${memory.id}: ${memory.content}`);
  return withinBudget(lines.map(line => shorten(line)));
}

function withinBudget(lines: readonly string[]): string {
  let text = '';
  for (const [i, line] of lines.entries()) {
    const left = `(${lines.length - i} more lines left out; retrieve_memory and list_tasks have all)`;
    if (text.length + line.length + left.length + 2 > MAX_CHARS) return `${text}${left}`;
    text += `${line}\n`;
  }
  return text.trimEnd() || 'Nobody else has worked here.';
}

/** One line, cut where it is long. */
function shorten(line: string): string {
  const indent = /^ */.exec(line)![0];
  return `${indent}${oneLine(line, LINE_CHARS - indent.length)}`;
}

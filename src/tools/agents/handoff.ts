import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { handoffText } from '../../engine/handoff/handoffText.ts';
import { absentOf, absentText } from '../contexts/absentReceivers.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';

export const handoff = defineTool({
  name: 'handoff',
  title: 'Hand work over',
  description:
    'Continues what another agent was doing: its tasks, notes, files; take: true claims them. Or leaves your work to to_agent.',
  effect: 'writes',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    from_agent: own.id.optional().describe('Agent or client; default: who was here last'),
    take: z.boolean().optional(),
    to_agent: own.id.optional(),
    note: own.words.optional().describe('With to_agent: where you are'),
    namespace: field.writeNamespace,
  }),
  advanced: ['namespace'],
  output: z.object({
    text: z.string().describe('At most 1,500 tokens'),
    agent_id: z.string().optional().describe('Whose work it is'),
    tasks: z.array(z.string()),
    taken: z.array(z.object({ task_id: z.string(), fence: z.number(), lease_id: z.string() })),
    memories: z.array(z.string()).describe('Ids of what it stored last'),
    context_id: z.string().optional().describe('Of what was left to another agent'),
  }),
  async handle({ from_agent, take, to_agent, note, namespace }, { engine, caller }) {
    if (to_agent !== undefined) {
      if (from_agent !== undefined || take) throw bothWays();
      if (note === undefined || note.trim() === '') throw withoutNote();
      const given = await engine.handoffs.give(to_agent, note, namespace, caller);
      const to = given.to.map(one => (one.kind === 'everyone' ? 'all' : oneLine(one.id))).join(', ');
      const nobody = absentText((await absentOf(given, engine)).absent);
      const text = `Left to ${to}: it gets your note with handoff or get_shared_context.${nobody}`;
      return { text, tasks: [], taken: [], memories: [], context_id: given.id };
    }
    if (note !== undefined) throw withoutReceiver();
    const received = await engine.handoffs.receive(from_agent, take ?? false, namespace, caller);
    return {
      text: handoffText(received),
      ...(received.agent && { agent_id: received.agent.id }),
      tasks: received.tasks.map(({ id }) => id),
      taken: received.taken.map(({ leaseId, task }) => ({
        ...{ task_id: task.id, fence: task.fence, lease_id: leaseId },
      })),
      memories: received.memories.map(({ id }) => id),
    };
  },
  summarize: ({ text }) => text,
});

function bothWays(): MemoryError {
  return refused('Work is either continued or left.', 'Give from_agent and take, or to_agent and note.');
}

function withoutNote(): MemoryError {
  return refused(
    'The next agent would not know where you are.',
    'Say in note what is done and what comes next.',
  );
}

function withoutReceiver(): MemoryError {
  return refused('The note has no receiver.', 'Say with to_agent who goes on with your work.');
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', `${message} Nothing was handed over.`, fix);
}

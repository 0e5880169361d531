import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { TASK_STATES } from '../../engine/model/task.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const taskStats = defineTool({
  name: 'task_stats',
  title: 'Task statistics',
  description:
    'Counts tasks by state; tells how many were completed, died, were retried or lost with their agent, and what each agent has to do.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ namespace: field.readNamespace }),
  output: z.object({
    by_state: z.record(z.enum(TASK_STATES), z.number()),
    completed: z.number().describe('Since the store was made, as the next three'),
    died: z.number(),
    retried: z.number(),
    lost: z.number().describe('Leases that ran out, or whose agent died'),
    completion_rate: z.number().nullable().describe('Of what was completed or died, 0-1; null: nothing yet'),
    agents: z.array(
      z.object({
        id: z.string(),
        namespace: z.string(),
        presence: z.string(),
        load: z.number(),
        tasks: z.number().describe('Held or offered'),
      }),
    ),
  }),
  async handle({ namespace }, { engine, caller }) {
    const namespaces = readNamespaces(namespace, caller);
    const [counts, agents] = await Promise.all([
      engine.tasks.counts(namespaces),
      engine.agents.list(namespaces),
    ]);
    const loads = await engine.tasks.loadsOf(agents);
    const { byState, completed, died, retried, lost } = counts;
    const ended = completed + died;
    return {
      ...{ by_state: { ...byState }, completed, died, retried, lost },
      completion_rate: ended === 0 ? null : Math.round((completed / ended) * 10_000) / 10_000,
      agents: agents.map(({ id, namespace, presence, load }, i) => ({
        ...{ id, namespace, presence, load },
        tasks: loads[i]!.held + loads[i]!.offered,
      })),
    };
  },
  summarize: stats => {
    const states = Object.entries(stats.by_state).filter(([, count]) => count > 0);
    const rate = stats.completion_rate === null ? '' : `, ${Math.round(stats.completion_rate * 100)} %`;
    return [
      `tasks: ${states.map(([state, count]) => `${state} ${count}`).join(', ') || 'none'}`,
      `completed ${stats.completed}${rate}, died ${stats.died}, retried ${stats.retried}, lost ${stats.lost}`,
      ...stats.agents.map(
        ({ id, presence, load, tasks }) =>
          `${oneLine(id)}  ${presence}, load ${Math.round(load * 100)} %, ${tasks} held or offered`,
      ),
    ].join('\n');
  },
});

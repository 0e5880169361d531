import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { lines } from '../recordFields.ts';
import * as own from './taskFields.ts';
import { transitionLine, transitionView, viewTransition } from './taskView.ts';

export const taskHistory = defineTool({
  name: 'task_history',
  title: 'History of a task',
  description:
    'Every transition of a task, oldest first: when, what, by whom. The newest 200 are kept. list_tasks has the task itself.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ task_id: own.id, namespace: field.writeNamespace }),
  output: z.object({ history: z.array(transitionView) }),
  async handle({ task_id, namespace }, { engine, caller }) {
    const key = { id: task_id, namespace };
    // Whether it is there at all, the history does not say.
    await engine.tasks.get(key, caller);
    return { history: (await engine.tasks.history(key, caller)).map(viewTransition) };
  },
  summarize: ({ history }) => lines(history, transitionLine, 'Nothing is kept of it.'),
});

import { TASK_MACHINE, type Transition } from '../engine/tasks/taskMachine.ts';

const DIAGRAM = /```mermaid\n[\s\S]*?\n```/;
/** How a task begins, and where nothing leads on. */
const BEGIN = [
  ['[*]', 'ready', 'submit'],
  ['[*]', 'blocked', 'submit'],
] as const;
const END = ['completed', 'cancelled'];

/** The page on tasks with the diagram of the state machine as it is. @param page as it was written by hand, with a mermaid block */
export function withTaskDiagram(page: string): string {
  if (!DIAGRAM.test(page)) throw new Error('docs/tasks.md has no mermaid block for the state machine.');
  return page.replace(DIAGRAM, () => `\`\`\`mermaid\n${taskDiagram()}\n\`\`\``);
}

function taskDiagram(): string {
  const steps = Object.entries<Transition>(TASK_MACHINE).flatMap(([event, { from, to }]) =>
    from.flatMap(one => to.map(other => [one, other, event] as const)),
  );
  const arrows = new Map<string, string[]>();
  for (const [from, to, event] of [...BEGIN, ...steps]) {
    const arrow = `${from} --> ${to}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), event]);
  }
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${events.join(', ')}`);
  return ['stateDiagram-v2', ...lines, ...END.map(state => `  ${state} --> [*]`)].join('\n');
}

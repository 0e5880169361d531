import type { Resource } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { demandWithin } from '../../engine/model/rights.ts';
import { agentsPage, contextsPage, taskPage, tasksPage } from './workPages.ts';
import { parseWorkUri, type WorkAddress, workUri } from './workUri.ts';

const MOST_TASKS = 100;
const MOST_CONTEXTS = 50;

/** A page as a resource has it. */
export interface Page {
  readonly mimeType: 'text/markdown' | 'application/json';
  readonly text: string;
}

/** Those of the caller's own namespace; templates name the others. */
export function listWorkResources({ namespace }: Caller): Resource[] {
  const entry = (kind: 'tasks' | 'agents' | 'contexts', title: string) => ({
    uri: workUri(kind, namespace),
    name: kind,
    title,
    mimeType: 'text/markdown',
  });
  return [
    entry('tasks', 'Tasks of this namespace'),
    entry('agents', 'Agents of this namespace'),
    entry('contexts', 'What others share with you'),
  ];
}

/** Rejects with `invalid_input` for another address, `not_found` for a task that is not there. */
export async function readWorkPage(uri: string, engine: Engine, caller: Caller): Promise<Page> {
  const address = parseWorkUri(uri);
  const { data, markdown } = await read(address, engine, caller);
  return address.json
    ? { mimeType: 'application/json', text: JSON.stringify(data) }
    : { mimeType: 'text/markdown', text: markdown };
}

async function read(
  address: WorkAddress,
  { agents, contexts, files, tasks }: Engine,
  caller: Caller,
): Promise<{ readonly data: unknown; readonly markdown: string }> {
  const { namespace } = address;
  demandWithin(caller, namespace);
  switch (address.kind) {
    case 'tasks': {
      const [list, counts, all] = await Promise.all([
        tasks.list({ namespaces: [namespace] }, { limit: MOST_TASKS, offset: 0 }),
        tasks.counts([namespace]),
        agents.list([namespace]),
      ]);
      return { data: list, markdown: tasksPage(list.tasks, list.total, counts, all) };
    }
    case 'task': {
      const [shown, history, all] = await Promise.all([
        tasks.get(address, caller),
        tasks.history(address, caller),
        agents.list([namespace]),
      ]);
      return { data: { ...shown, history }, markdown: taskPage(shown, history, all) };
    }
    case 'agents': {
      const [all, held] = await Promise.all([agents.list([namespace]), files.list([namespace])]);
      const loads = await tasks.loadsOf(all);
      return { data: { agents: all, files: held }, markdown: agentsPage(all, loads, held) };
    }
    case 'contexts': {
      const received = await contexts.received({ namespace, limit: MOST_CONTEXTS }, caller);
      return { data: { contexts: received }, markdown: contextsPage(received) };
    }
  }
}

import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';
import { isVisible } from '../../engine/foreignText.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { ALL_NAMESPACES, readNamespaces, writeNamespace } from '../../engine/model/namespace.ts';
import { isWorkUri } from './workUri.ts';

const MOST = 100;

/**
 * Values for the argument of a prompt or of a template of resources that begin with what was typed. A name that cannot be shown as it is
 * is not offered.
 */
export async function complete(
  { argument, context, ref }: CompleteRequestParams,
  engine: Engine,
  caller: Caller,
): Promise<CompleteResult> {
  const namespace = context?.arguments?.['namespace'];
  const ofWork = ref.type === 'ref/resource' && isWorkUri(ref.uri);
  const all = await (ofWork ? workCandidates : candidates)(argument.name, engine, caller, namespace);
  const typed = argument.value.toLowerCase();
  const values = all.filter(value => isVisible(value) && value.toLowerCase().startsWith(typed));
  return {
    completion: { values: values.slice(0, MOST), total: values.length, hasMore: values.length > MOST },
  };
}

async function candidates(
  name: string,
  engine: Engine,
  caller: Caller,
  namespace: string | undefined,
): Promise<readonly string[]> {
  const filter = { namespaces: [writeNamespace(namespace, caller)] };
  if (name === 'namespace') return Object.keys((await engine.counts({}, caller)).byNamespace);
  const page = { limit: 1000, offset: 0 };
  const { memories } = await engine.memories.list(filter, page, caller);
  if (name === 'id') return memories.map(memory => memory.id);
  if (name === 'topic') return [...new Set(memories.flatMap(memory => memory.tags))].sort();
  return [];
}

async function workCandidates(
  name: string,
  engine: Engine,
  caller: Caller,
  namespace: string | undefined,
): Promise<readonly string[]> {
  if (name === 'as') return ['json'];
  if (name === 'namespace') {
    const agents = await engine.agents.list(readNamespaces(ALL_NAMESPACES, caller));
    return [...new Set(agents.map(agent => agent.namespace))].sort();
  }
  const filter = { namespaces: [writeNamespace(namespace, caller)] };
  const { tasks } = await engine.tasks.list(filter, { limit: MOST, offset: 0 });
  return tasks.map(({ task }) => task.id);
}

import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';

const MOST = 100;

/** Values for the argument of a prompt or of the memory template that begin with what was typed. */
export async function complete(
  { argument, context }: CompleteRequestParams,
  engine: Engine,
  caller: Caller,
): Promise<CompleteResult> {
  const all = await candidates(argument.name, engine, caller, context?.arguments?.['namespace']);
  const typed = argument.value.toLowerCase();
  const values = all.filter(value => value.toLowerCase().startsWith(typed));
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
  const filter = { namespaces: [namespace ?? caller.namespace] };
  if (name === 'namespace') return Object.keys((await engine.counts({}, caller)).byNamespace);
  const page = { limit: 1000, offset: 0 };
  const { memories } = await engine.memories.list(filter, page, caller);
  if (name === 'id') return memories.map(memory => memory.id);
  if (name === 'topic') return [...new Set(memories.flatMap(memory => memory.tags))].sort();
  return [];
}

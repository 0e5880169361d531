import type { ReadResourceResult, Resource } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';
import { oneLine } from '../../engine/foreignText.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Memory } from '../../engine/model/memory.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { isoTime } from '../../engine/model/time.ts';
import { memoryUri, parseMemoryUri, RECENT_URI } from './memoryUri.ts';
import { listWorkResources, readWorkPage } from './workResources.ts';
import { isWorkUri } from './workUri.ts';

const RECENT = 20;
const NAME_CHARS = 60;

/** The latest memories, each as a resource, after the one that lists them; then what agents do together. */
export async function listResources(engine: Engine, caller: Caller): Promise<Resource[]> {
  return [
    { uri: RECENT_URI, name: 'recent', title: 'Recent memories', mimeType: 'text/markdown' },
    ...(await recentMemories(engine, caller)).map(memory => ({
      uri: memoryUri(memory.namespace, memory.id),
      name: firstLine(memory.content),
      mimeType: 'text/markdown',
      annotations: { lastModified: isoTime(memory.updatedAt) },
    })),
    ...listWorkResources(caller),
  ];
}

export async function readResource(uri: string, engine: Engine, caller: Caller): Promise<ReadResourceResult> {
  if (isWorkUri(uri)) return { contents: [{ uri, ...(await readWorkPage(uri, engine, caller)) }] };
  const text = uri === RECENT_URI ? await recentPage(engine, caller) : await memoryPage(uri, engine, caller);
  return { contents: [{ uri, mimeType: 'text/markdown', text }] };
}

async function recentPage(engine: Engine, caller: Caller): Promise<string> {
  const memories = await recentMemories(engine, caller);
  if (memories.length === 0) return 'No memories yet.';
  return memories.map(memory => `- ${oneLine(memory.id)} ${firstLine(memory.content)}`).join('\n');
}

async function memoryPage(uri: string, engine: Engine, caller: Caller): Promise<string> {
  const { namespace, id } = parseMemoryUri(uri);
  return (await engine.memories.get(id, caller, { namespaces: [namespace] })).content;
}

/** What the list and `memory://recent` show: the latest changed, of the caller's namespace and `global`. */
export async function recentMemories(engine: Engine, caller: Caller): Promise<readonly Memory[]> {
  const namespaces = readNamespaces(undefined, caller);
  const { memories } = await engine.memories.list(
    { ...(namespaces && { namespaces }) },
    { limit: RECENT, offset: 0, order: 'updated' },
    caller,
  );
  return memories;
}

function firstLine(content: string): string {
  return oneLine(content.trim().split('\n', 1)[0]!, NAME_CHARS);
}

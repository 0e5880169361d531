import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { memoryView, stale, staleText, viewMemory, viewStale } from './views.ts';

export const retrieveMemory = defineTool({
  name: 'retrieve_memory',
  title: 'Retrieve a memory',
  description: 'Returns one memory whole, by its id. To find ids, use semantic_search.',
  effect: 'reads',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    memory_id: field.memoryId,
    agent_id: field.name.optional().describe('Only if this agent stored it'),
    namespace: field.readNamespace,
  }),
  advanced: ['agent_id', 'namespace'],
  output: memoryView.extend({ stale }),
  async handle({ memory_id, agent_id, namespace }, { engine, caller }) {
    const namespaces = namespace === undefined ? undefined : readNamespaces(namespace, caller);
    const memory = await engine.memories.get(memory_id, caller, { agent: agent_id, namespaces });
    return { ...viewMemory(memory), ...viewStale(await engine.anchors.stale([memory]), memory.id) };
  },
  summarize: memory =>
    [
      `${oneLine(memory.id)} (${memory.memory_type}, ${memory.priority}, version ${memory.version}, ${memory.created_at.slice(0, 10)}${memory.agent_id ? `, by ${oneLine(memory.agent_id)}` : ''})`,
      ...(memory.tags.length > 0 ? [`tags: ${memory.tags.map(tag => oneLine(tag)).join(', ')}`] : []),
      ...(memory.stale ? [staleText(memory.stale).trim()] : []),
      '',
      memory.content,
    ].join('\n'),
});

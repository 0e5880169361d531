import { basename } from 'node:path';
import { z } from 'zod';
import type { ImportItem, ImportSource } from '../../engine/ports/importSource.ts';
import { fitId } from './fitId.ts';
import { readLines } from './readLines.ts';

/** A line of the memory file of MCP's reference server: entities with observations, and relations between them. */
const line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('entity'),
    name: z.string().min(1),
    entityType: z.string().default(''),
    observations: z.array(z.string()).default([]),
  }),
  z.object({ type: z.literal('relation'), from: z.string(), to: z.string(), relationType: z.string() }),
]);
type Entity = Extract<z.infer<typeof line>, { type: 'entity' }>;

/**
 * One memory an entity: its name and type, its observations, and its relations in words.
 * @param source tells this file's entities from another's
 */
export function mcpMemorySource(path: string, source: string): ImportSource {
  const prefix = `mcp-memory:${source}:`;
  return {
    kind: 'mcp-memory',
    prefix,
    complete: true,
    async *items(signal) {
      const entities = new Map<string, Entity>();
      const relations = new Map<string, string[]>();
      for await (const { line: text, number } of readLines(path, signal)) {
        const parsed = line.safeParse(parseJson(text));
        if (!parsed.success) {
          yield { where: `${basename(path)}:${number}`, reason: 'It is neither an entity nor a relation.' };
        } else if (parsed.data.type === 'entity') entities.set(parsed.data.name, parsed.data);
        else {
          const { from, relationType, to } = parsed.data;
          relations.set(from, [...(relations.get(from) ?? []), `${from} ${relationType} ${to}`]);
        }
      }
      for (const entity of entities.values()) {
        yield itemOf(entity, relations.get(entity.name) ?? [], prefix, basename(path));
        relations.delete(entity.name);
      }
      // Relations of entities that the file does not hold.
      for (const [from, found] of relations) {
        yield itemOf(
          { type: 'entity', name: from, entityType: '', observations: [] },
          found,
          prefix,
          basename(path),
        );
      }
    },
  };
}

function itemOf(entity: Entity, relations: readonly string[], prefix: string, file: string): ImportItem {
  const { name, entityType, observations } = entity;
  const title = entityType === '' ? name : `${name} (${entityType})`;
  const facts = [...observations, ...relations].map(fact => `- ${fact}`);
  return {
    externalId: fitId(prefix + name),
    content: [title, ...facts].join('\n'),
    uri: `${file}#${name}`,
    fields: {
      type: 'context',
      tags: ['mcp-memory', ...(entityType === '' ? [] : [entityType.slice(0, 100)])],
      metadata: { entity: name },
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { z } from 'zod';
import type { Tool } from '../../tools/defineTool.ts';
import { listedSchema } from '../../tools/listedSchema.ts';
import { toolsFor } from '../../tools/registry.ts';

/** A tool as `tools/list` shows it. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly outputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly annotations: {
    readonly title: string;
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: false;
  };
}

let listing: readonly ListedTool[] | undefined;

/** All tools that MCP offers; made once, since schemas cost milliseconds. */
export function listTools(): readonly ListedTool[] {
  listing ??= toolsFor('mcp').map(tool => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: listedSchema(tool) as ListedTool['inputSchema'],
    outputSchema: outputSchema(tool),
    annotations: {
      title: tool.title,
      readOnlyHint: tool.effect === 'reads',
      destructiveHint: tool.effect === 'destroys',
      idempotentHint: tool.effect === 'reads' || tool.idempotent === true,
      openWorldHint: false,
    },
  }));
  return listing;
}

function outputSchema(tool: Tool): ListedTool['outputSchema'] {
  const { $schema: _, ...schema } = z.toJSONSchema(tool.output, { io: 'input', reused: 'inline' });
  return schema as ListedTool['outputSchema'];
}

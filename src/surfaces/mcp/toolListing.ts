import { z } from 'zod';
import { TOOL_SETS, type ToolSet } from '../../engine/model/toolSets.ts';
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

let listing: readonly { readonly set: ToolSet; readonly listed: ListedTool }[] | undefined;

/** The tools of these sets that MCP offers. Made once, since schemas cost milliseconds. */
export function listTools(sets: readonly ToolSet[] = TOOL_SETS): readonly ListedTool[] {
  listing ??= toolsFor('mcp').map(tool => ({ set: tool.set, listed: listed(tool) }));
  return listing.filter(({ set }) => sets.includes(set)).map(one => one.listed);
}

function listed(tool: Tool): ListedTool {
  return {
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
  };
}

function outputSchema(tool: Tool): ListedTool['outputSchema'] {
  const { $schema: _, ...schema } = z.toJSONSchema(tool.output, { io: 'input', reused: 'inline' });
  return schema as ListedTool['outputSchema'];
}

import type { Tool } from '../../tools/defineTool.ts';
import { findTool } from '../../tools/registry.ts';

/** A tool that a command stands for. */
export function knownTool(name: string): Tool {
  const tool = findTool(name);
  if (!tool) throw new Error(`The registry has no tool ${name}.`);
  return tool;
}

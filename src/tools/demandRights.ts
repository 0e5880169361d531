import type { Caller } from '../engine/model/caller.ts';
import { demandEverywhere, demandScope, type Scope } from '../engine/model/rights.ts';
import type { Tool } from './defineTool.ts';

/** What a token must be for, to call the tool; undefined: a batch, whose operations are asked one by one. */
export function scopeOf(tool: Tool): Scope | undefined {
  if (tool.name === 'batch_operations') return undefined;
  if (tool.set === 'admin' && !(tool.effect === 'reads' && keepsToNamespaces(tool))) return 'admin';
  if (tool.effect === 'reads') return 'read';
  return tool.set === 'memory' ? 'write' : 'tasks';
}

/** Throws `forbidden` where the caller's rights do not reach so far. */
export function demandRights(tool: Tool, caller: Caller): void {
  if (!caller.rights) return;
  const scope = scopeOf(tool);
  if (scope) demandScope(caller, scope);
  if (!keepsToNamespaces(tool)) demandEverywhere(caller, tool.name);
}

function keepsToNamespaces({ input, withinNamespaces }: Tool): boolean {
  return withinNamespaces ?? 'namespace' in input.shape;
}

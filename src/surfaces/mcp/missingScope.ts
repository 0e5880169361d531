import type { Scope } from '../../engine/model/rights.ts';
import { scopeOf } from '../../tools/demandRights.ts';
import { findTool } from '../../tools/registry.ts';
import type { Sender } from '../http/authenticate.ts';

const READS = /^(resources\/(list|read|subscribe)|completion\/complete|subscriptions\/listen)$/;

/** The scope that a request needs and its sender lacks; undefined: it may be done, or is refused where it is. @param body JSON-RPC */
export function missingScope(body: unknown, { rights }: Sender): Scope | undefined {
  if (!rights) return undefined;
  const needed = scopeFor(body);
  return needed && !rights.scopes.includes(needed) ? needed : undefined;
}

function scopeFor(body: unknown): Scope | undefined {
  const { method, params } = (body ?? {}) as { method?: unknown; params?: { name?: unknown } };
  if (typeof method !== 'string') return undefined;
  if (READS.test(method)) return 'read';
  const tool =
    method === 'tools/call' && typeof params?.name === 'string' ? findTool(params.name) : undefined;
  return tool && scopeOf(tool);
}

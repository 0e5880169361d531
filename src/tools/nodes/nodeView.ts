import { z } from 'zod';
import type { ActiveNode } from '../../engine/ports/nodeRegistry.ts';

export const nodeName = z.string().min(1).max(200).describe('Name of the machine');
const load = z.object({ cpu: z.number(), gpu: z.number(), mem: z.number() });

export const nodeView = z.object({
  name: z.string(),
  live: z.boolean().describe('It had a heartbeat in the last 30 seconds'),
  load: load.nullable().describe('Per cent, as of its last heartbeat'),
  gpu: z.string(),
  vram_gb: z.number(),
  compute_tflops: z.number(),
  ram_gb: z.number(),
  roles: z.array(z.string()),
  status: z.string().describe('Empty where the node never said what it can do'),
});
type NodeView = z.infer<typeof nodeView>;

export function viewNode({ name, node, load }: ActiveNode): NodeView {
  return {
    name,
    live: load !== undefined,
    load: load ? { ...load } : null,
    gpu: node?.gpu ?? '',
    vram_gb: node?.vramGb ?? 0,
    compute_tflops: node?.computeTflops ?? 0,
    ram_gb: node?.ramGb ?? 0,
    roles: [...(node?.roles ?? [])],
    status: node?.status ?? '',
  };
}

/** One line: which, how it is, what it can do. */
export function nodeLine({ name, status, load, gpu, vram_gb, ram_gb, roles }: NodeView): string {
  const facts = [
    ...(status === '' ? [] : [status]),
    load ? `cpu ${load.cpu} %, gpu ${load.gpu} %, mem ${load.mem} %` : 'no heartbeat',
    ...(gpu === '' ? [] : [gpu]),
    ...(vram_gb === 0 ? [] : [`${vram_gb} GB VRAM`]),
    ...(ram_gb === 0 ? [] : [`${ram_gb} GB RAM`]),
    ...(roles.length === 0 ? [] : [`for ${roles.join(', ')}`]),
  ];
  return `${name}: ${facts.join(', ')}`;
}

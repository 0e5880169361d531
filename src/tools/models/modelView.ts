import { z } from 'zod';
import type { ModelRecord } from '../../engine/ports/modelRegistry.ts';
import { time, toTime } from '../recordFields.ts';

export const modelName = z.string().min(1).max(200).describe('Name of the model, such as llama3:70b');

export const modelView = z.object({
  name: z.string(),
  node: z.string(),
  size_gb: z.number(),
  quantization: z.string(),
  context_length: z.number(),
  performance: z.string(),
  updated_at: time,
  active_on: z.array(z.string()).describe('Nodes that run it now'),
});
type ModelView = z.infer<typeof modelView>;

/** @param active model by node */
export function viewModel(model: ModelRecord, active: ReadonlyMap<string, string>): ModelView {
  return {
    name: model.name,
    node: model.node,
    size_gb: model.sizeGb,
    quantization: model.quantization,
    context_length: model.contextLength,
    performance: model.performance,
    updated_at: toTime(model.updatedAt),
    active_on: [...active].flatMap(([node, name]) => (name === model.name ? [node] : [])).sort(),
  };
}

/** One line: which, where, what it is, whether it runs. */
export function modelLine(model: ModelView): string {
  const { name, node, size_gb, quantization, context_length, performance, active_on } = model;
  const facts = [
    ...(node === '' ? [] : [`on ${node}`]),
    ...(size_gb === 0 ? [] : [`${size_gb} GB`]),
    ...(quantization === '' ? [] : [quantization]),
    ...(context_length === 0 ? [] : [`${context_length} tokens`]),
    ...(performance === '' ? [] : [performance]),
    active_on.length === 0 ? 'not active' : `active on ${active_on.join(', ')}`,
  ];
  return `${name}: ${facts.join(', ')}`;
}

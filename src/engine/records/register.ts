import { MemoryError } from '../errors.ts';
import type { ModelRegistry, NewModel } from '../ports/modelRegistry.ts';
import type { NodeRecord } from '../ports/nodeRegistry.ts';
import type { Records } from '../ports/records.ts';

const NEW_MODEL: Omit<NewModel, 'name'> = {
  node: '',
  sizeGb: 0,
  quantization: '',
  contextLength: 0,
  performance: '',
};
const NEW_NODE: Omit<NodeRecord, 'name'> = {
  gpu: '',
  vramGb: 0,
  computeTflops: 0,
  ramGb: 0,
  roles: [],
  status: 'online',
};

/**
 * Adds a model, or changes what is given of it.
 * @param active its node runs it from now on; rejects with `invalid_input`, and changes nothing, where no node is known
 */
export async function registerModel(
  models: ModelRegistry,
  given: Partial<NewModel> & Pick<NewModel, 'name'>,
  active: boolean,
): Promise<NewModel> {
  const { updatedAt: _, ...known } = (await models.get(given.name)) ?? { updatedAt: 0 };
  const model = { ...NEW_MODEL, ...known, ...given };
  if (active && model.node === '')
    throw new MemoryError(
      'invalid_input',
      `No node is known that runs "${model.name}". Nothing was changed.`,
      'Give the node.',
    );
  await models.put(model);
  if (active) await models.activate(model.node, model.name);
  return model;
}

/** Adds a node, or changes what is given of it; tells everybody when its status is another one. */
export async function registerNode(
  { nodes, events }: Pick<Records, 'nodes' | 'events'>,
  given: Partial<NodeRecord> & Pick<NodeRecord, 'name'>,
): Promise<NodeRecord> {
  const known = await nodes.get(given.name);
  const node = { ...NEW_NODE, ...known, ...given };
  await nodes.put(node);
  // That a new one is online its first heartbeat tells.
  if (known && known.status !== node.status)
    await events.publish({ type: 'node_status', node: node.name, status: node.status });
  return node;
}

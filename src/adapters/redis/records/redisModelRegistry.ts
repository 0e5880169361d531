import type {
  ModelRecord,
  ModelRegistry,
  ModelUsage,
  NewModel,
} from '../../../engine/ports/modelRegistry.ts';
import { checkModel, checkName, checkUsage } from '../../../engine/records/checkRecord.ts';
import { numberOf, timeOf } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

const ACTIVE = 'models:active';
const NO_END = 0;

/** HASH `models:active`, `model:{name}` and `model:{name}:stats`. */
export class RedisModelRegistry implements ModelRegistry {
  readonly #space: RecordSpace;

  constructor(space: RecordSpace) {
    this.#space = space;
  }

  async put(model: NewModel): Promise<void> {
    checkModel(model);
    await this.#space.script(
      'putRecord',
      [this.#space.key(keyOf(model.name))],
      ...[model.name, NO_END, 'last_updated'],
      ...['node', model.node, 'size_gb', model.sizeGb, 'quantization', model.quantization],
      ...['context_length', model.contextLength, 'performance', model.performance],
    );
  }

  async get(name: string): Promise<ModelRecord | undefined> {
    const fields = await this.#space.ask(client => client.hgetall(this.#space.key(keyOf(name))));
    if (Object.keys(fields).length === 0) return undefined;
    return {
      name,
      node: fields['node'] ?? '',
      sizeGb: numberOf(fields['size_gb']),
      quantization: fields['quantization'] ?? '',
      contextLength: numberOf(fields['context_length']),
      updatedAt: timeOf(fields['last_updated']),
      performance: fields['performance'] ?? '',
    };
  }

  async remove(name: string): Promise<void> {
    const keys = [keyOf(name), usageOf(name), ACTIVE].map(key => this.#space.key(key));
    await this.#space.script('removeModel', keys, name);
  }

  async activate(node: string, model: string | undefined): Promise<void> {
    checkName('A node', node);
    if (model !== undefined) checkName('A model', model);
    const key = this.#space.key(ACTIVE);
    await this.#space.ask(client =>
      model === undefined ? client.hdel(key, node) : client.hset(key, node, model),
    );
  }

  async active(): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await this.#space.ask(client => client.hgetall(this.#space.key(ACTIVE)))));
  }

  async addUsage(name: string, added: ModelUsage): Promise<void> {
    checkUsage(name, added);
    const key = this.#space.key(usageOf(name));
    await this.#space.script('addUsage', [key], added.requests, added.tokensGenerated);
  }

  async usage(name: string): Promise<ModelUsage> {
    const fields = await this.#space.ask(client => client.hgetall(this.#space.key(usageOf(name))));
    return { requests: numberOf(fields['requests']), tokensGenerated: numberOf(fields['tokens_generated']) };
  }
}

function keyOf(name: string): string {
  return `model:${name}`;
}

function usageOf(name: string): string {
  return `model:${name}:stats`;
}

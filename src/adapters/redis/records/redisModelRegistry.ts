import type {
  ModelRecord,
  ModelRegistry,
  ModelUsage,
  NewModel,
} from '../../../engine/ports/modelRegistry.ts';
import { checkModel, checkModelName, checkName, checkUsage } from '../../../engine/records/checkRecord.ts';
import { EVENTS, eventArguments } from './eventKeys.ts';
import { type Fields, numberOf, timeOf } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';
import { scanKeys } from './scanKeys.ts';

const ACTIVE = 'models:active';
const START = 'model:';
const USAGE = ':stats';
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
    checkModelName(name);
    return toModel(name, await this.#space.ask(client => client.hgetall(this.#space.key(keyOf(name)))));
  }

  async list(): Promise<readonly ModelRecord[]> {
    const start = this.#space.key(START);
    const keys = await this.#space.ask(async client => {
      const found = new Set<string>();
      for await (const keys of scanKeys(client, start))
        for (const key of keys) if (!key.endsWith(USAGE)) found.add(key);
      return [...found].sort();
    });
    // Another program may keep something else under such a key.
    const types = await this.#space.batch(keys, (pipeline, key) => pipeline.type(key));
    const models = keys.filter((_, i) => types[i] === 'hash');
    const all = await this.#space.batch(models, (pipeline, key) => pipeline.hgetall(key));
    return all.flatMap((fields, i) => toModel(models[i]!.slice(start.length), fields as Fields) ?? []);
  }

  async remove(name: string): Promise<void> {
    checkModelName(name);
    const keys = [keyOf(name), usageOf(name), ACTIVE, EVENTS].map(key => this.#space.key(key));
    await this.#space.script('removeModel', keys, ...eventArguments(this.#space), name);
  }

  async activate(node: string, model: string | undefined): Promise<void> {
    checkName('A node', node);
    if (model !== undefined) checkModelName(model);
    const keys = [ACTIVE, EVENTS].map(key => this.#space.key(key));
    await this.#space.script('activateModel', keys, ...eventArguments(this.#space), node, model ?? '');
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
    checkModelName(name);
    const fields = await this.#space.ask(client => client.hgetall(this.#space.key(usageOf(name))));
    return { requests: numberOf(fields['requests']), tokensGenerated: numberOf(fields['tokens_generated']) };
  }
}

function keyOf(name: string): string {
  return `${START}${name}`;
}

function usageOf(name: string): string {
  return `${START}${name}${USAGE}`;
}

function toModel(name: string, fields: Fields): ModelRecord | undefined {
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

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { MemoryPatch } from '../../../src/engine/model/memory.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { memoriesOf, openMachine, settled, shownBy } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { seeded } from '../../fixtures/vectors.ts';

const FULL = process.env['CHAOS'] === 'full';
/** More than are fetched at once. */
const EDITS = FULL ? 2_100 : 600;
const MORNING_MS = Date.UTC(2026, 10, 21, 8);
const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
/** How far the clock of each laptop is off. */
const SKEWS_MS = { ada: 7 * MINUTE_MS, bob: -4 * MINUTE_MS, eve: 2 * MINUTE_MS };
type Name = keyof typeof SKEWS_MS;
const EDITED = 20;
const REMOVED = 10;
const viewer = viewerOf(claude);

/** What must hold in the end, as it is written down while both are away. */
interface Expected {
  /** Every text that was acknowledged, by memory. */
  readonly said: [id: string, text: string][];
  /** By memory: those that somebody added, and those that somebody took away. */
  readonly added: Map<string, Set<string>>;
  readonly removed: Map<string, Set<string>>;
  /** By memory: the last text, by the clock of the laptop that wrote it. */
  readonly last: Map<string, { readonly at: number; readonly text: string }>;
}

class Laptop implements AsyncDisposable {
  readonly #name: Name;
  readonly #path: string;
  readonly #prefix: string;
  readonly line: Line;
  store!: Store;
  #wall = MORNING_MS;

  constructor(name: Name, folder: string, prefix: string, line: Line) {
    this.#name = name;
    this.#path = join(folder, `${name}.db`);
    this.#prefix = prefix;
    this.line = line;
  }

  /** @param wall the real time */
  at(wall: number): this {
    this.#wall = wall;
    return this;
  }

  get clock(): number {
    return this.#wall + SKEWS_MS[this.#name];
  }

  async open(): Promise<void> {
    const { port } = this.line;
    this.store = await openMachine({ path: this.#path, port, prefix: this.#prefix, now: () => this.clock });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
  }

  /** One of what people do in a day. */
  async edit(i: number, random: () => number, expected: Expected): Promise<void> {
    const { memories } = this.store;
    const kind = random();
    const text = `${this.#name} wrote ${i}`;
    if (kind < 0.15) {
      const memory = draft(text);
      await memories.insert([memory], claude);
      expected.said.push([memory.id, text]);
    } else if (kind < 0.25) {
      await this.#editRemovable(random, text, expected);
    } else {
      const id = `m${Math.floor(random() * EDITED)}`;
      const [memory] = await memories.get([id], viewer);
      const patch: { -readonly [K in keyof MemoryPatch]: MemoryPatch[K] } = {};
      if (random() < 0.7) patch.content = text;
      if (random() < 0.5) patch.tags = this.#retag(id, memory!.tags, `${this.#name}${i}`, random, expected);
      if (random() < 0.3 || Object.keys(patch).length === 0) patch.metadata = { by: text };
      await memories.update(id, patch, claude);
      if (patch.content === undefined) return;
      expected.said.push([id, text]);
      const before = expected.last.get(id);
      if (!before || before.at < this.clock) expected.last.set(id, { at: this.clock, text });
    }
  }

  /** Of these one laptop removes some while the other edits them. */
  async #editRemovable(random: () => number, text: string, { said }: Expected): Promise<void> {
    const { memories } = this.store;
    const id = `r${Math.floor(random() * REMOVED)}`;
    const [memory] = await memories.get([id], viewer);
    if (!memory) return;
    if (random() < 0.3) {
      await memories.remove([id], claude);
    } else {
      await memories.update(id, { content: text }, claude);
      said.push([id, text]);
    }
  }

  #retag(
    id: string,
    tags: readonly string[],
    fresh: string,
    random: () => number,
    { added, removed }: Expected,
  ): string[] {
    const away = random() < 0.3 ? tags[Math.floor(random() * tags.length)] : undefined;
    if (away !== undefined) removed.set(id, (removed.get(id) ?? new Set()).add(away));
    added.set(id, (added.get(id) ?? new Set()).add(fresh));
    return [...tags.filter(tag => tag !== away), fresh];
  }
}

describe('laptops that were away for a day, their clocks minutes apart', function () {
  this.timeout(600_000);
  let redis: RedisServer;
  let count = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  for (const order of [
    ['ada', 'bob'],
    ['bob', 'ada'],
    ['eve', 'ada', 'bob'],
  ] as const)
    it(`agree when they come back as ${order.join(', ')}: no text lost, tags of all, the latest text on top`, async () => {
      await using folder = await temporaryFolder();
      const seed = count++;
      const prefix = `d${seed}:`;
      await using laptops = await openLaptops(order, folder.path, prefix, redis.port);
      const all = laptops.list;
      const known = (letter: string, length: number) =>
        Array.from({ length }, (_, i) => draft(`${letter}${i}`, { id: `${letter}${i}`, tags: ['a', 'b'] }));
      await all[0]!.store.memories.insert([...known('m', EDITED), ...known('r', REMOVED)], claude);
      for (const { store } of all) await store.memories.get(['m0'], viewer);

      const expected: Expected = { said: [], added: new Map(), removed: new Map(), last: new Map() };
      for (const { line } of all) await line.cut();
      await aDay(all, all.length > 2 ? EDITS / 3 : EDITS, seeded(seed + 1), expected);
      for (const { line, store } of all) {
        await line.mend();
        await settled(store);
      }

      await using fresh = await openMachine({
        path: join(folder.path, 'fresh.db'),
        port: redis.port,
        prefix,
      });
      const stores = [...all.map(({ store }) => store), fresh];
      for (const one of stores) await settled(one);
      for (const { store } of all) assert.deepEqual(await shownBy(store), await shownBy(all[0]!.store));
      assert.deepEqual(await memoriesOf(fresh), await memoriesOf(all[0]!.store));
      for (const one of stores) await holds(one, expected);
    });
});

async function openLaptops(
  names: readonly Name[],
  folder: string,
  prefix: string,
  port: number,
): Promise<AsyncDisposable & { readonly list: readonly Laptop[] }> {
  const list: Laptop[] = [];
  for (const name of names) {
    list.push(new Laptop(name, folder, prefix, await startLine(port)));
    await list.at(-1)!.open();
  }
  return {
    list,
    async [Symbol.asyncDispose]() {
      for (const laptop of list) {
        await laptop[Symbol.asyncDispose]();
        await laptop.line[Symbol.asyncDispose]();
      }
    },
  };
}

/** All edit at random times, and are closed over lunch. */
async function aDay(
  laptops: readonly Laptop[],
  count: number,
  random: () => number,
  expected: Expected,
): Promise<void> {
  const edits = laptops.flatMap(laptop =>
    Array.from({ length: count }, () => ({ laptop, at: MORNING_MS + Math.floor(random() * DAY_MS) })),
  );
  edits.sort((a, b) => a.at - b.at);
  for (const [i, { laptop, at }] of edits.entries()) {
    if (i === count) {
      for (const one of laptops) {
        await one[Symbol.asyncDispose]();
        await one.open();
      }
    }
    await laptop.at(at).edit(i, random, expected);
  }
  for (const one of laptops) {
    one.at(MORNING_MS + DAY_MS);
    const { central } = await one.store.report();
    assert.ok(central!.waiting > count / 2, `${central!.waiting} wait`);
  }
}

async function holds(store: Store, { said, added, removed, last }: Expected): Promise<void> {
  const { memories, operations } = store;
  const missing: string[] = [];
  for (const id of new Set(said.map(([one]) => one))) {
    const [now] = await memories.get([id], viewer);
    const versions = (await memories.versions(id, viewer)).map(({ memory }) => memory.content);
    // What a removed memory had last is in its history, from where undo takes it.
    const history = now ? [] : await operations.recent(10_000, viewer, { memoryId: id });
    const texts = new Set([now?.content, ...versions, ...history.map(({ patch }) => patch.content)]);
    missing.push(...said.filter(([one, text]) => one === id && !texts.has(text)).map(([, text]) => text));
  }
  assert.deepEqual(missing, []);
  for (let i = 0; i < EDITED; i++) {
    const id = `m${i}`;
    const [memory] = await memories.get([id], viewer);
    assert.equal(memory!.content, last.get(id)!.text, id);
    const away = removed.get(id) ?? new Set();
    const wanted = ['a', 'b', ...(added.get(id) ?? [])].filter(tag => !away.has(tag));
    assert.deepEqual(memory!.tags.toSorted(), wanted.sort(), id);
  }
}

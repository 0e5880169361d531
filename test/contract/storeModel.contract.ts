import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryError } from '../../src/engine/errors.ts';
import { type Caller, viewerOf } from '../../src/engine/model/caller.ts';
import type { MemoryPatch } from '../../src/engine/model/memory.ts';
import type { NewMemory } from '../../src/engine/ports/memoryStore.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { callerNamed, claude, editor } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';
import { StoreModel } from '../fixtures/storeModel.ts';

/** The store under test and the operations it named, in the order of the model's changes. */
interface Real {
  readonly store: Store;
  readonly operations: string[];
}
type Command = fc.AsyncCommand<StoreModel, Real>;

const CALLERS = [claude, editor, callerNamed('codex')];
const caller = fc.constantFrom(...CALLERS);
/** Few of each, so that they meet. */
const id = fc.constantFrom('a', 'b', 'c', 'd');
const fields = {
  content: fc.constantFrom('one', 'two', 'three'),
  visibility: fc.constantFrom('public', 'private', 'shared'),
  sharedWith: fc.constantFrom<string[][]>([], ['vscode'], ['ada@host/codex']),
  sensitive: fc.boolean(),
  tags: fc.constantFrom<string[][]>([], ['x'], ['x', 'y']),
} as const;
const newMemory = fc
  .record({ id, namespace: fc.constantFrom('shop', 'bank'), ...fields })
  .map(({ content, ...rest }) => draft(content, rest));
const expected = fc.constantFrom(undefined, undefined, undefined, undefined, 1, 2, 3);
const patch = fc.record(fields, { requiredKeys: [] }).filter(given => Object.keys(given).length > 0);

/**
 * Any sequence of inserts, updates, deletions and undos, by several callers, leaves in the store what it leaves in the model, and is
 * answered alike; and each caller sees the same of it on every path.
 */
export function storeModelProperty(create: () => Promise<Store>) {
  const inserts = fc.tuple(newMemory, caller).map(given => insert(...given));
  const updates = fc.tuple(id, patch, caller, expected).map(given => update(...given));
  const removals = fc.tuple(id, caller).map(given => remove(...given));
  const undos = fc.tuple(fc.option(fc.nat(), { nil: -1 }), caller).map(given => undo(...given));
  // Named as often as it is to come.
  const commands: fc.Arbitrary<Command>[] = [inserts, inserts, inserts, updates, updates, updates, updates];
  commands.push(removals, undos, undos);
  return fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async given => {
    await using store = await create();
    await fc.asyncModelRun(() => ({ model: new StoreModel(), real: { store, operations: [] } }), given);
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
  });
}

function insert(memory: NewMemory, by: Caller): Command {
  return command(`insert ${memory.id} "${memory.content}" ${memory.visibility} by ${by.principal.client}`, {
    model: model => model.insert(memory, by),
    real: async ({ store, operations }) => {
      const [outcome] = await store.memories.insert([memory], by);
      if (outcome!.operationId !== null) operations.push(outcome!.operationId);
      return outcome!.duplicate ? 'duplicate' : 'done';
    },
  });
}

function update(memoryId: string, given: MemoryPatch, by: Caller, expectedVersion?: number): Command {
  return command(`update ${memoryId} ${JSON.stringify(given)} by ${by.principal.client}`, {
    model: model => model.update(memoryId, given, by, expectedVersion),
    real: async ({ store, operations }) => {
      operations.push((await store.memories.update(memoryId, given, by, expectedVersion)).operationId);
      return 'done';
    },
  });
}

function remove(memoryId: string, by: Caller): Command {
  return command(`remove ${memoryId} by ${by.principal.client}`, {
    model: model => model.remove(memoryId, by),
    real: async ({ store, operations }) => {
      const [operation] = await store.memories.remove([memoryId], by);
      if (!operation) return 'not_found';
      operations.push(operation.id);
      return 'done';
    },
  });
}

/** @param pick which change, among those there are then; -1: the newest */
function undo(pick: number, by: Caller): Command {
  const among = (count: number) => (pick < 0 ? count - 1 : pick % count);
  return {
    ...command(`undo ${pick} by ${by.principal.client}`, {
      model: model => model.undo(among(model.changes), by),
      real: async ({ store, operations }) => {
        operations.push((await store.memories.undo(operations[among(operations.length)]!, by)).id);
        return 'done';
      },
    }),
    check: model => model.changes > 0,
  };
}

function command(
  name: string,
  run: { model: (model: StoreModel) => string; real: (real: Real) => Promise<string> },
): Command {
  return {
    check: () => true,
    async run(model, real) {
      // The real one first: the model's number of changes is then still that before the command.
      const answer = await run.real(real).catch(error => (MemoryError.is(error) ? error.code : error));
      assert.equal(answer, run.model(model));
      for (const by of CALLERS) await seesTheSame(model, real.store, by);
    },
    toString: () => name,
  };
}

async function seesTheSame(model: StoreModel, store: Store, by: Caller): Promise<void> {
  const viewer = viewerOf(by);
  const expected = model.list(viewer);
  const { memories, total } = await store.memories.list({}, { limit: 100, offset: 0 }, viewer);
  const found = memories.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const plain = ({
    id,
    owner,
    namespace,
    content,
    visibility,
    sharedWith,
    sensitive,
    tags,
    version,
  }: (typeof expected)[0]) => ({
    ...{ id, owner, namespace, content, visibility, sharedWith, sensitive, tags, version },
  });
  assert.deepEqual(found.map(plain), expected.map(plain));
  assert.equal(total, expected.length);
  assert.equal((await store.memories.counts({}, viewer)).total, expected.length);
  const tagged = await store.memories.list({ tags: ['x'] }, { limit: 100, offset: 0 }, viewer);
  assert.equal(tagged.total, model.list(viewer, 'x').length);
  const got = await store.memories.get(['a', 'b', 'c', 'd'], viewer);
  assert.deepEqual(
    got.flatMap(memory => memory?.id ?? []),
    expected.map(memory => memory.id),
  );
}

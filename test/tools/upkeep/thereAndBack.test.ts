import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Memory } from '../../../src/engine/model/memory.ts';
import { callerNamed, editor } from '../../fixtures/callers.ts';
import { never } from '../../fixtures/engine.ts';
import { onEachStore } from '../../fixtures/onEachStore.ts';

const person = { ...editor, person: true };
const codex = { ...callerNamed('codex'), person: true };
const DAY_MS = 86_400_000;
const NOW = Date.now();

/** Alike for the model, and the same words. */
const VARIANTS = [
  'The index of the shop is built anew each night',
  'the index of the shop is built anew each night',
  'The Index of the Shop is built anew each night',
  'THE INDEX OF THE SHOP IS BUILT ANEW EACH NIGHT',
] as const;

const fields = fc.record({
  ...{ caller: fc.constantFrom(person, codex), uses: fc.nat({ max: 3 }) },
  draft: fc.record(
    {
      tags: fc.subarray(['a', 'b', 'c', 'd']),
      priority: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
      trust: fc.constantFrom(0, 0.3, 0.5, 1),
      agent: fc.constantFrom('one', 'other'),
      session: fc.constantFrom('s1', 's2'),
      metadata: fc.constantFrom({}, { asked: 'twice' }, { port: 80 }, { port: 81 }),
      createdAt: fc.integer({ min: NOW - 90 * DAY_MS, max: NOW }),
      expiresAt: fc.option(fc.integer({ min: NOW + DAY_MS, max: NOW + 90 * DAY_MS })),
      provenance: fc.constantFrom({ source: 'agent' }, { source: 'user', uri: 'file:///notes.md' }),
      visibility: fc.constantFrom('public' as const, 'private' as const),
    },
    { requiredKeys: ['createdAt', 'expiresAt'] },
  ),
});

onEachStore('a merge that is taken apart', open => {
  it('leaves every memory as it was, but for the count of its changes', async () => {
    await using memory = await open({ 'embedding.provider': 'local' });
    const { memories, upkeep } = memory.engine;
    let runs = 0;
    let merged = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fields, { minLength: 2, maxLength: VARIANTS.length }), async all => {
        const namespace = `n${runs++}`;
        const ids: string[] = [];
        for (const [i, { caller, draft, uses }] of all.entries()) {
          const [stored] = await memories.store([{ ...draft, namespace, content: VARIANTS[i]! }], caller);
          ids.push(stored!.memory.id);
          for (let use = 0; use < uses; use++) await memories.get(ids[i]!, caller);
        }
        await memory.engine.settled(never);
        const shown = async () => {
          const found = await Promise.all(
            [person, codex].map(caller => memories.list({ ids }, { limit: 10, offset: 0 }, caller)),
          );
          return new Map(found.flatMap(page => page.memories).map(one => [one.id, one]));
        };
        const told = (from: ReadonlyMap<string, Memory>) =>
          ids.map(id => ({ ...from.get(id), version: 0, updatedAt: 0 }));
        // Uses are counted with the next change.
        await memories.store([{ content: `flushes ${namespace}`, namespace: 'elsewhere' }], person);
        const before = await shown();
        const { groups } = await upkeep.compaction.run(
          { dryRun: false, everybody: true, namespaces: [namespace] },
          { principal: { id: 'upkeep', client: 'upkeep' }, instance: 'test', namespace },
          never,
        );
        merged += groups.length;
        const between = await shown();
        for (const { survivor, others } of groups) {
          const of = [survivor, ...others.map(one => one.memory)].map(({ id }) => before.get(id)!);
          const kept = between.get(survivor.id)!;
          assert.deepEqual(kept.tags, [...new Set(of.flatMap(one => one.tags))].sort());
          assert.equal(kept.createdAt, Math.min(...of.map(one => one.createdAt)));
          assert.equal(
            kept.accessCount,
            of.reduce((sum, one) => sum + one.accessCount, 0),
          );
          assert.equal(kept.content, before.get(survivor.id)!.content);
          assert.deepEqual(kept.provenance, before.get(survivor.id)!.provenance);
          assert.ok(others.every(one => !between.has(one.memory.id)));
        }
        for (const { id, survivor } of groups)
          await upkeep.merges.takeApart(id!, survivor.owner === codex.principal.id ? codex : person);
        const after = await shown();
        assert.deepEqual(told(after), told(before));
        for (const id of ids) assert.ok(after.get(id)!.version >= before.get(id)!.version);
      }),
      { numRuns: 20 },
    );
    assert.ok(merged > 0);
  });
});

import assert from 'node:assert/strict';
import { releaseMemory } from '../../../src/adapters/node/releaseMemory.ts';

describe('releaseMemory', () => {
  it('frees what nobody holds any more, and leaves no gc() behind', async () => {
    const registry: WeakRef<object>[] = [];
    for (let i = 0; i < 1000; i++) registry.push(new WeakRef({ i, text: 'x'.repeat(1000) }));
    // What a WeakRef was made for lives to the end of this turn.
    await new Promise(resolve => setImmediate(resolve));
    assert.ok(registry.some(one => one.deref()));
    await new Promise(resolve => setImmediate(resolve));
    releaseMemory();
    assert.ok(registry.every(one => one.deref() === undefined));
    assert.equal('gc' in globalThis, false);
  });
});

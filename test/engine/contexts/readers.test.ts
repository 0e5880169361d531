import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mayRead } from '../../../src/engine/contexts/mayRead.ts';
import { readerKeys, readersOf } from '../../../src/engine/contexts/readers.ts';
import type { Receiver } from '../../../src/engine/model/context.ts';

/** Names that could be taken for each other. */
const name = fc.constantFrom('a', 'b', 'everyone', 'principal:a', 'client:a', '');
const receiver: fc.Arbitrary<Receiver> = fc.oneof(
  fc.record({ kind: fc.constant('agent' as const), id: name, owner: name }),
  fc.record({ kind: fc.constant('principal' as const), id: name }),
  fc.record({ kind: fc.constant('client' as const), id: name }),
  fc.record({ kind: fc.constant('everyone' as const) }),
);

describe('the keys of who reads a context', () => {
  it('find it for exactly those who may read it', () => {
    const answers = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        fc.record({ owner: name, to: fc.array(receiver, { maxLength: 3 }) }),
        fc.record({ principal: name, client: name }),
        (context, viewer) => {
          const keys = new Set(readerKeys(viewer));
          const found = readersOf(context).some(key => keys.has(key));
          answers[`${found}`]++;
          assert.equal(found, mayRead(context, viewer));
        },
      ),
      { numRuns: 5_000 },
    );
    assert.ok(answers.true > 500 && answers.false > 500, JSON.stringify(answers));
  });
});

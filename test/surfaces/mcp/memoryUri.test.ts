import assert from 'node:assert/strict';
import fc from 'fast-check';
import { memoryUri, parseMemoryUri } from '../../../src/surfaces/mcp/memoryUri.ts';

describe('memoryUri', () => {
  it('is read back as it was, whatever the names hold', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(name, name, (namespace, id) => {
        assert.deepEqual(parseMemoryUri(memoryUri(namespace, id)), { namespace, id });
      }),
    );
  });

  it('keeps a namespace with slashes one part', () => {
    assert.equal(memoryUri('github.com/ada/engine', 'a b'), 'memory://github.com%2Fada%2Fengine/a%20b');
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { childOf, readTraceparent } from '../../../src/adapters/tracing/traceContext.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('the header traceparent', () => {
  it('is read as the standard has it', () => {
    const ids = { traceId: TRACE, spanId: SPAN };
    assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-01`), { ...ids, sampled: true });
    assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-00`), { ...ids, sampled: false });
    assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-03`), { ...ids, sampled: true });
    assert.deepEqual(readTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes`), { ...ids, sampled: true });
  });

  it('counts as absent where it is none', () => {
    for (const header of [
      undefined,
      '',
      'hello',
      `ff-${TRACE}-${SPAN}-01`,
      `00-${'0'.repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-01-more`,
      `00-${TRACE}-${SPAN}`,
      ` 00-${TRACE}-${SPAN}-01`,
    ])
      assert.equal(readTraceparent(header), undefined, header);
  });

  it('never throws, and what it takes is told on', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef-f'), maxLength: 60 }), header => {
        const ids = readTraceparent(header);
        const child = childOf(ids);
        assert.match(child.traceId, /^[\da-f]{32}$/);
        assert.match(child.spanId, /^[\da-f]{16}$/);
        if (ids) assert.equal(child.traceId, ids.traceId);
      }),
    );
  });
});

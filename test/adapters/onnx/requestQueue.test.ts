import assert from 'node:assert/strict';
import { RequestQueue } from '../../../src/adapters/onnx/requestQueue.ts';

describe('RequestQueue', () => {
  it('gives out texts in order, urgent ones first, also in the midst of a batch', () => {
    const queue = new RequestQueue();
    queue.add({ id: 1, texts: ['a', 'b', 'c'], urgent: false });
    queue.add({ id: 2, texts: ['d'], urgent: false });
    const seen: string[] = [];
    const take = () => {
      const next = queue.next();
      if (next) seen.push(`${next.request.texts[next.index]}${next.last ? '.' : ''}`);
      return next !== undefined;
    };
    take();
    queue.add({ id: 3, texts: ['q'], urgent: true });
    assert.equal(queue.empty, false);
    while (take());
    assert.equal(queue.empty, true);
    assert.deepEqual(seen, ['a', 'q.', 'b', 'c.', 'd.']);
    assert.equal(queue.next(), undefined);
  });
});

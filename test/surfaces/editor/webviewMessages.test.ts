import assert from 'node:assert/strict';
import {
  parseFromHost,
  parseToHost,
  requestNamed,
} from '../../../src/surfaces/editor/webviews/messages/protocol.ts';
import {
  boolean,
  dictionary,
  list,
  nullable,
  number,
  object,
  oneOf,
  ShapeError,
  text,
} from '../../../src/surfaces/editor/webviews/messages/shape.ts';

const order = object(
  { name: text({ max: 5 }), count: number({ integer: true, min: 1, max: 9 }), size: oneOf(['S', 'L']) },
  { gift: boolean(), notes: list(text(), 2), prices: dictionary(nullable(number())) },
);
const right = { name: 'tea', count: 2, size: 'L' };

describe('what a page and the editor say to each other', () => {
  it('passes what it names, and drops the rest', () => {
    const prices = { EUR: 3.5, USD: null };
    const parsed = order.parse({ ...right, gift: true, notes: ['a'], prices, onclick: 'alert(1)' });
    assert.deepEqual(parsed, { ...right, gift: true, notes: ['a'], prices });
  });

  const wrong: Readonly<Record<string, unknown>> = {
    'a text that is too long': { ...right, name: 'coffee' },
    'a number out of its range': { ...right, count: 10 },
    'a number that is none': { ...right, count: Number.NaN },
    'a fraction': { ...right, count: 1.5 },
    'a word that is not among those': { ...right, size: 'M' },
    'a field that is missing': { name: 'tea', count: 2 },
    'another type': { ...right, gift: 'yes' },
    'a list that is too long': { ...right, notes: ['a', 'b', 'c'] },
    'a list in the place of an object': [right],
    nothing: null,
  };
  for (const [what, value] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => order.parse(value), ShapeError);
    });
  }

  it('says where it is wrong', () => {
    const orders = object({ orders: list(order) });
    assert.throws(
      () => orders.parse({ orders: [right, { ...right, size: 'M' }] }),
      /orders\[1\]\.size is not one of S, L/,
    );
  });

  it('reads every kind of message', () => {
    assert.deepEqual(parseToHost({ kind: 'ready' }), { kind: 'ready' });
    const request = { kind: 'request', id: 1, name: 'list', input: { query: '' } };
    assert.deepEqual(parseToHost(request), request);
    assert.deepEqual(parseToHost({ kind: 'cancel', id: 7 }), { kind: 'cancel', id: 7 });
    const answer = { kind: 'answer', id: 1, value: [1] };
    assert.deepEqual(parseFromHost(answer), answer);
    const failure = {
      kind: 'failure',
      id: 1,
      failure: { code: 'not_found', message: 'Gone.', fix: 'Search.' },
    };
    assert.deepEqual(parseFromHost(failure), failure);
    const event = { kind: 'event', name: 'changed', value: null };
    assert.deepEqual(parseFromHost(event), event);
  });

  it('refuses messages of no kind that it knows', () => {
    for (const message of [
      undefined,
      'ready',
      {},
      { kind: 'eval' },
      { kind: 'request', id: 0, name: 'list' },
    ])
      assert.throws(() => parseToHost(message), ShapeError);
    for (const message of [null, { kind: 'answer' }, { kind: 'failure', id: 1, failure: 'no' }])
      assert.throws(() => parseFromHost(message), ShapeError);
  });

  it('knows only its own requests', () => {
    const protocol = { requests: { list: { input: order, answer: order } }, events: {} };
    assert.equal(requestNamed(protocol, 'list'), protocol.requests.list);
    for (const name of ['constructor', 'toString', 'delete'])
      assert.throws(() => requestNamed(protocol, name), ShapeError);
  });
});

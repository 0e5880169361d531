import assert from 'node:assert/strict';
import { fitting, tokensOf, usage } from '../../../src/engine/workingMemory/tokens.ts';
import type { Message } from '../../../src/engine/workingMemory/workingMemory.ts';

const said = (content: string): Message => ({
  ...{ id: content, role: 'user', content, createdAt: 0, persistedAt: null, extracted: false },
});
/** `user: ` and ten letters: 4 tokens each. */
const messages = ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'].map(said);

describe('the tokens of messages', () => {
  it('are about a quarter of their characters, with who said them', () => {
    assert.equal(tokensOf(messages), 12);
    assert.equal(tokensOf([said('')]), 2);
    assert.equal(tokensOf([]), 0);
  });

  it('leave room for the newest messages, one at least', () => {
    const kept = (window: number) =>
      fitting(messages, window)
        .map(({ content }) => content[0])
        .join('');
    assert.deepEqual([kept(12), kept(11), kept(8), kept(7), kept(0)], ['abc', 'bc', 'bc', 'c', 'c']);
    assert.deepEqual(fitting([], 10), []);
  });

  it('fill a window in per cent, and sooner the part after which a summary is due', () => {
    assert.deepEqual(usage(messages, 120), { total: 10, untilSummary: 100 / 7 });
    assert.deepEqual(usage(messages, 6), { total: 100, untilSummary: 100 });
    assert.deepEqual(usage([], 100), { total: 0, untilSummary: 0 });
  });
});

import assert from 'node:assert/strict';
import { type ReviewedMemory, reviewText } from '../../../../src/surfaces/editor/review/reviewText.ts';

const memory: ReviewedMemory = {
  ...{ content: 'Line one\nLine two', memory_type: 'code', priority: 'high', visibility: 'public' },
  ...{ shared_with: [], tags: ['a', 'b'], metadata: { x: 1 }, pinned: true, sensitive: false, trust: 0.5 },
  ...{ expires_at: null, supersedes: null, valid_from: null, valid_until: null },
  anchors: [{ path: 'src/a.ts', startLine: 2 }],
};

describe('a memory to review', () => {
  it('is told with its kind where it is new', () => {
    assert.equal(
      reviewText(memory, undefined),
      '---\ntype: code\npriority: high\ntags: a, b\npinned: yes\n---\n\nLine one\nLine two',
    );
  });

  it('is told with the labels that changed, and with none where only its text did', () => {
    assert.equal(reviewText(memory, ['content']), memory.content);
    assert.equal(
      reviewText(memory, ['content', 'expiresAt', 'anchors', 'metadata']),
      '---\nexpires: never\ncode: {"path":"src/a.ts","startLine":2}\nmetadata: {"x":1}\n---\n\nLine one\nLine two',
    );
  });

  it('keeps a label on its line, whatever it says', () => {
    const hostile = { ...memory, tags: ['a\n---\nforged: yes', '\u202Eevil'] };
    const [, label, end] = reviewText(hostile, ['tags']).split('\n');
    assert.match(label!, /^tags: a --- forged: yes/);
    assert.doesNotMatch(label!, /\u202E/);
    assert.equal(end, '---');
  });
});

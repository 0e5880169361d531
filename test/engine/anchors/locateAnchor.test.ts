import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identity } from '../../../src/adapters/node/identity.ts';
import { anchoredText, linesOf } from '../../../src/engine/anchors/anchoredText.ts';
import { type CheckedAnchor, locateAnchor } from '../../../src/engine/anchors/locateAnchor.ts';

const { sha256 } = identity;

/** Of lines in a file, as they are now. */
function anchorOf(lines: readonly string[], startLine: number, endLine: number): CheckedAnchor {
  return { path: 'a.ts', startLine, endLine, textHash: sha256(anchoredText(lines, startLine, endLine)) };
}

const FILE = linesOf('one\ntwo\nthree\nfour\nfive\n');

describe('an anchor', () => {
  it('is where it was while its lines are', async () => {
    const anchor = anchorOf(FILE, 2, 3);
    assert.deepEqual(await locateAnchor(FILE, anchor, sha256), { state: 'here', startLine: 2, endLine: 3 });
  });

  it('does not mind other ends of lines, white space before them, and a byte order mark', async () => {
    const anchor = anchorOf(FILE, 1, 3);
    const saved = linesOf('\uFEFFone  \r\ntwo\t\r\nthree\r\nfour');
    assert.deepEqual(await locateAnchor(saved, anchor, sha256), { state: 'here', startLine: 1, endLine: 3 });
  });

  it('is found again by its hash where its text has moved, up or down', async () => {
    const anchor = anchorOf(FILE, 3, 4);
    const down = ['zero', 'half', ...FILE];
    assert.deepEqual(await locateAnchor(down, anchor, sha256), { state: 'moved', startLine: 5, endLine: 6 });
    const up = FILE.slice(2);
    assert.deepEqual(await locateAnchor(up, anchor, sha256), { state: 'moved', startLine: 1, endLine: 2 });
  });

  it('is the nearer one of two equal texts', async () => {
    const anchor = anchorOf(['x', 'same', 'y'], 2, 2);
    const lines = ['same', ...Array.from({ length: 6 }, (_, i) => `line ${i}`), 'same'];
    const from = { ...anchor, startLine: 6, endLine: 6 };
    assert.equal((await locateAnchor(lines, from, sha256)).startLine, 8);
  });

  it('has changed when its text is nowhere, and keeps within the file', async () => {
    const anchor = anchorOf(FILE, 4, 5);
    const changed = { state: 'changed', startLine: 2, endLine: 2 };
    assert.deepEqual(await locateAnchor(['one', 'two'], anchor, sha256), changed);
    const indented = FILE.map(line => `  ${line}`);
    assert.equal((await locateAnchor(indented, anchor, sha256)).state, 'changed');
  });

  it('ends where lines are that no file has', async () => {
    for (const [startLine, endLine] of [
      [1e15, 1e15],
      [3, 1],
      [1, 1e15],
    ] as const) {
      const place = await locateAnchor(FILE, { ...anchorOf(FILE, 2, 3), startLine, endLine }, sha256);
      assert.equal(place.state, 'changed');
      assert.ok(place.startLine >= 1 && place.endLine <= FILE.length, JSON.stringify(place));
    }
  });

  it('stops looking once nobody waits', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `a line of some length, number ${i}`);
    const anchor = { ...anchorOf(lines, 1, 40), textHash: sha256('elsewhere') };
    const signal = AbortSignal.abort(new Error('nobody waits'));
    await assert.rejects(locateAnchor(lines, anchor, sha256, signal), /nobody waits/);
  });

  it('follows its text through any lines above and below', async () => {
    const line = fc.string({ minLength: 1, maxLength: 8 }).filter(text => linesOf(text).length === 1);
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.array(line, { maxLength: 20 }),
        async (above, body, below) => {
          const anchor = anchorOf(body, 1, body.length);
          const lines = [...above, ...body, ...below];
          const place = await locateAnchor(lines, anchor, sha256);
          assert.notEqual(place.state, 'changed');
          assert.equal(sha256(anchoredText(lines, place.startLine, place.endLine)), anchor.textHash);
        },
      ),
    );
  });
});

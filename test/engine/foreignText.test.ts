import assert from 'node:assert/strict';
import { cut, isVisible, oneLine, quoted, visible, visibleTexts } from '../../src/engine/foreignText.ts';
import { checkHarmless, HOSTILE } from '../fixtures/hostileText.ts';

describe('somebody else’s text', () => {
  it('shows by its number what drives a terminal or turns the direction of reading', () => {
    assert.equal(visible('a\x1b[31mb\x07\x9b\x7f'), 'a\\x1b[31mb\\x07\\x9b\\x7f');
    assert.equal(visible('\u202eabc\u2066\u2028\u{e0041}'), '\\u202eabc\\u2066\\u2028\\u{e0041}');
    assert.equal(visible('one\r\n\ttwo\rthree'), 'one\n\ttwo\\x0dthree');
    assert.equal(visible('日本 👩‍💻 é العربية'), '日本 👩‍💻 é العربية');
    assert.deepEqual(visibleTexts({ 'a\x07': ['\x1b', 1, null] }), { 'a\\x07': ['\\x1b', 1, null] });
    assert.deepEqual([isVisible('plain'), isVisible('a\nb'), isVisible('plain')], [true, false, true]);
  });

  it('stays one line', () => {
    const line = oneLine(HOSTILE, 10_000);
    checkHarmless(line);
    assert.ok(!line.includes('\n'));
    assert.equal(oneLine(' a \n\u2028\u0085 b '), 'a b');
    assert.equal(oneLine('x'.repeat(300)).length, 200);
  });

  it('is marked in every line that it has, whatever ends it', () => {
    checkHarmless(quoted(HOSTILE));
    assert.equal(quoted('a\r\nb\u2028c\rd\u0085e'), '> a\n> b\n> c\n> d\n> e');
  });

  it('is cut at whole characters', () => {
    assert.equal(cut('ab😀c', 3), 'ab');
    assert.equal(cut('ab😀c', 4), 'ab😀');
    assert.ok(oneLine(`${'x'.repeat(198)}😀 end`).isWellFormed());
    assert.ok(quoted(`${'x'.repeat(3999)}😀 end`).isWellFormed());
  });
});

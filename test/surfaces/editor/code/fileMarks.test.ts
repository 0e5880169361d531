import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identity } from '../../../../src/adapters/node/identity.ts';
import { anchoredText } from '../../../../src/engine/anchors/anchoredText.ts';
import { FileMarks, marksAt, oneForEachMemory } from '../../../../src/surfaces/editor/code/fileMarks.ts';
import { type Edit, followEdit } from '../../../../src/surfaces/editor/code/followEdits.ts';
import type { AnchoredMemory } from '../../../../src/surfaces/editor/engine/anchored.ts';
import { never } from '../../../fixtures/engine.ts';

const { sha256 } = identity;
const CODE = ['import x;', '', 'function pay() {', '  return 5;', '}', '', 'pay();'];

function edit(
  startLine: number,
  startCharacter: number,
  endLine: number,
  endCharacter: number,
  text: string,
): Edit {
  return {
    range: {
      start: { line: startLine, character: startCharacter },
      end: { line: endLine, character: endCharacter },
    },
    text,
  };
}

/** What the document is after it. */
function edited(lines: readonly string[], { range: { start, end }, text }: Edit): string[] {
  const before = [...lines.slice(0, start.line), lines[start.line]!.slice(0, start.character)].join('\n');
  const after = [lines[end.line]!.slice(end.character), ...lines.slice(end.line + 1)].join('\n');
  return `${before}${text}${after}`.split('\n');
}

/** Marks of the function in `CODE`, lines 3 to 5. */
function marks(overrides: Partial<AnchoredMemory['anchors'][number]> = {}) {
  const textHash = sha256(anchoredText(CODE, 3, 5));
  const anchor = { path: 'src/pay.ts', startLine: 3, endLine: 5, textHash, ...overrides };
  const memory: AnchoredMemory = {
    ...{ id: 'one', content: 'Pay five', type: 'code', agent: null, pinned: false, createdAt: 0 },
    anchors: [anchor],
  };
  return new FileMarks({ place: { path: 'src/pay.ts' }, memories: [memory] }, sha256);
}

async function markAfter(edits: readonly Edit[], own = marks()) {
  let lines: readonly string[] = CODE;
  await own.locate(lines, never);
  for (const one of edits) {
    lines = edited(lines, one);
    own.follow([one]);
  }
  await own.locate(lines, never);
  const [{ lines: at, state } = assert.fail()] = own.all;
  return { ...at, state };
}

describe('the marks of a document', () => {
  it('stand where their anchors say', async () => {
    assert.deepEqual(await markAfter([]), { start: 2, end: 4, state: 'here' });
    assert.deepEqual(
      [1, 2, 4, 5].map(line => marksAt(marks().all, line).length),
      [0, 1, 1, 0],
    );
  });

  it('move with lines that are added or taken away above, and mind none below', async () => {
    assert.deepEqual(await markAfter([edit(0, 0, 0, 0, '// one\n// two\n')]), {
      start: 4,
      end: 6,
      state: 'moved',
    });
    assert.deepEqual(await markAfter([edit(0, 0, 2, 0, '')]), { start: 0, end: 2, state: 'moved' });
    assert.deepEqual(await markAfter([edit(2, 0, 2, 0, '// of it\n')]), { start: 3, end: 5, state: 'moved' });
    assert.deepEqual(await markAfter([edit(1, 0, 1, 0, '\n')]), { start: 3, end: 5, state: 'moved' });
    assert.deepEqual(await markAfter([edit(4, 1, 4, 1, '\nmore();')]), { start: 2, end: 4, state: 'here' });
    assert.deepEqual(await markAfter([edit(5, 0, 6, 6, '')]), { start: 2, end: 4, state: 'here' });
  });

  it('turn stale when their code is edited, and are as before when that is undone', async () => {
    const change = edit(3, 9, 3, 10, '6');
    assert.deepEqual(await markAfter([change]), { start: 2, end: 4, state: 'changed' });
    assert.deepEqual(await markAfter([change, edit(3, 9, 3, 10, '5')]), { start: 2, end: 4, state: 'here' });
    assert.deepEqual(await markAfter([edit(3, 11, 3, 11, '\n  // never')]), {
      start: 2,
      end: 5,
      state: 'changed',
    });
    assert.deepEqual(await markAfter([edit(2, 0, 5, 0, '')]), { start: 2, end: 2, state: 'changed' });
  });

  it('are found again where their code was cut and pasted', async () => {
    const code = CODE.slice(2, 5).join('\n');
    const moved = await markAfter([edit(2, 0, 5, 0, ''), edit(3, 6, 3, 6, `\n${code}`)]);
    assert.deepEqual(moved, { start: 4, end: 6, state: 'moved' });
  });

  it('are not checked without a hash, and keep within the document', async () => {
    const own = marks();
    const unhashed = new FileMarks(
      {
        place: own.place,
        memories: [{ ...own.all[0]!.memory, anchors: [{ path: 'src/pay.ts', startLine: 99 }] }],
      },
      sha256,
    );
    assert.deepEqual(await markAfter([], unhashed), { start: 6, end: 6, state: 'unchecked' });
  });

  it('of the file as a whole stand beside its first line, whatever is typed', async () => {
    const own = marks();
    const whole = new FileMarks(
      { place: own.place, memories: [{ ...own.all[0]!.memory, anchors: [{ path: 'src/pay.ts' }] }] },
      sha256,
    );
    const typed = [edit(0, 0, 0, 0, '// one\n// two\n'), edit(0, 0, 3, 0, '')];
    assert.deepEqual(await markAfter(typed, whole), { start: 0, end: 0, state: 'whole' });
  });

  it('count as moved under a name that the file had before', async () => {
    assert.deepEqual(await markAfter([], marks({ path: 'src/old.ts' })), {
      start: 2,
      end: 4,
      state: 'moved',
    });
  });

  it('stay where they were followed to when the memories are fetched again', async () => {
    const own = marks();
    own.follow([edit(3, 9, 3, 10, '6'), edit(0, 0, 0, 0, '\n\n')]);
    const again = marks();
    again.continue(own);
    assert.deepEqual(again.all[0]?.lines, { start: 4, end: 6 });
    const none = new FileMarks({ place: own.place, memories: [] }, sha256);
    none.continue(again);
    none.follow([edit(0, 0, 0, 0, '\n')]);
    const back = marks();
    back.continue(none);
    assert.deepEqual(back.all[0]?.lines, { start: 5, end: 7 });
  });

  it('count a memory once that is anchored twice, as what needs a look', async () => {
    const [mark = assert.fail()] = marks().all;
    const [one, ...others] = oneForEachMemory([
      mark,
      { ...mark, state: 'changed' },
      { ...mark, state: 'here' },
    ]);
    assert.deepEqual([one?.state, others], ['changed', []]);
  });

  it('follow any edits that leave their lines alone', async () => {
    const outside = fc.oneof(
      fc.record({ line: fc.constantFrom(0, 1), text: fc.constantFrom('a\n', '\n', 'b\nc\n') }),
      fc.record({ line: fc.constantFrom(5, 6), text: fc.constantFrom('a\n', '\n', 'b\nc\n') }),
    );
    fc.assert(
      fc.property(outside, ({ line, text }) => {
        const one = edit(line, 0, line, 0, text);
        const { end, start } = followEdit({ start: 2, end: 4 }, one);
        assert.deepEqual(edited(CODE, one).slice(start, end + 1), CODE.slice(2, 5));
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { checkGlobs } from '../../../src/engine/agents/checkGlobs.ts';
import { MemoryError } from '../../../src/engine/errors.ts';

const OUT = /leads out of the repository/;
const ABSOLUTE = /is an absolute path/;

describe('checkGlobs', () => {
  const refused = [
    ['/etc/passwd', ABSOLUTE],
    ['C:\\Windows\\*', ABSOLUTE],
    ['d:/x', ABSOLUTE],
    ['\\\\server\\share\\x', ABSOLUTE],
    ['\\src', ABSOLUTE],
    ['{/etc,src}/x', ABSOLUTE],
    ['..', OUT],
    ['../other/**', OUT],
    ['src/../../other', OUT],
    ['src\\..\\..\\other', OUT],
    ['./../x', OUT],
    ['src/{a,../..}/x', OUT],
    ['a\nb', /U\+000A/],
    ['a\rb', /U\+000D/],
    ['a\vb', /U\+000B/],
    ['a\u0085b', /U\+0085/],
    ['a\u2028b', /U\+2028/],
    ['a\u2029b', /U\+2029/],
    ['a\u001b[2Jb', /U\+001B/],
    ['a\u202eb', /U\+202E/],
    ['a\0b', /NUL/],
    ['', /1 patterns of files are given, or one is empty/],
  ] as const;
  for (const [glob, words] of refused)
    it(`refuses ${JSON.stringify(glob)}`, () => {
      assert.throws(
        () => checkGlobs(['src/**', glob].slice(glob === '' ? 1 : 0)),
        error => MemoryError.is(error, 'invalid_input') && words.test(error.message),
      );
    });

  it('refuses more than 50, and one that is too long', () => {
    assert.throws(() => checkGlobs(Array(51).fill('a')), /51 patterns/);
    assert.throws(
      () => checkGlobs(['a'.repeat(1001)]),
      error => MemoryError.is(error, 'too_large'),
    );
  });

  it('takes what names files of the repository', () => {
    checkGlobs([
      ...['src/**', 'a/../b', 'a/b/../..', './a', 'app/[id]/*', '\\[id\\].ts', '!src/a', '{a,b}/{1..9}.ts'],
      ...['..a/b', 'a../b', '...', 'naïve 🦊.md', 'a:b', 'src\\engine\\a.ts', '**/../x'],
    ]);
    checkGlobs(Array.from({ length: 50 }, () => '{a,b}'.repeat(200)));
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minimatch } from 'minimatch';
import { compareClaims, globsOverlap, MOST_STEPS } from '../../../src/engine/agents/globsOverlap.ts';
import { Steps } from '../../../src/engine/agents/steps.ts';

/** One character after another, of few, so that patterns and paths often meet. */
const name = fc.stringMatching(/^[abA.é]{1,4}$/).filter(text => !/^\.+$/.test(text));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map(names => names.join('/'));
const sign = fc.constantFrom(
  '*',
  '?',
  '**',
  '[ab]',
  '[!a]',
  '[a-c]',
  '{a,b}',
  '{a,b/a,}',
  '{A,{b,.a}}',
  '*.a',
  'a',
  'b',
  '.',
);

const shortName = fc.stringMatching(/^[ab]{1,2}$/);
const shortPath = fc.array(shortName, { minLength: 1, maxLength: 2 }).map(names => names.join('/'));

/** A pattern that likely names the path: parts of it become signs. */
const globOf = (of: string) =>
  fc
    .array(
      fc.tuple(fc.constantFrom('keep', 'keep', 'star', 'any', 'depth', 'class', 'braces', 'cut'), sign),
      {
        minLength: 12,
        maxLength: 12,
      },
    )
    .map(changes => {
      let glob = '';
      for (const [i, character] of [...of].entries()) {
        const [change, other] = changes[i % changes.length]!;
        if (change === 'keep' || (character === '/' && change !== 'depth')) glob += character;
        else if (change === 'star') glob += '*';
        else if (change === 'any') glob += '?';
        else if (change === 'class') glob += `[${character}x-z]`;
        else if (change === 'braces') glob += `{${character},${other}}`;
        else if (change === 'depth' && character === '/') glob += '/**/';
      }
      return glob;
    });

/** As a claim means a glob: what it names, and below a folder, which is one where its last name is plain or a slash ends it. */
function names(glob: string, file: string): boolean {
  const options = { dot: true } as const;
  const isFolder = /(^|\/)[^/*?[\]{}]*$/.test(glob);
  return (
    minimatch(file, glob, options) || (isFolder && minimatch(file, `${glob.replace(/\/+$/, '')}/**`, options))
  );
}

describe('globsOverlap', () => {
  it('says yes wherever one file is named by both', () => {
    let met = 0;
    const pair = path.chain(file => fc.tuple(fc.constant(file), globOf(file), globOf(file)));
    fc.assert(
      fc.property(pair, path, ([file, a, b], other) => {
        for (const candidate of [file, other, `${file}/${other}`]) {
          if (!names(a, candidate) || !names(b, candidate)) continue;
          met++;
          assert.ok(globsOverlap([a], [b]), `${a} and ${b} both name ${candidate}`);
          assert.ok(globsOverlap(['elsewhere/x', b], ['nowhere/y', a]));
        }
      }),
      { numRuns: 8_000 },
    );
    assert.ok(met > 1_000, `${met} pairs named one file`);
  });

  it('says yes of a file and every pattern that names it', () => {
    let met = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(sign, fc.constant('/'), shortName), { minLength: 1, maxLength: 4 }),
        shortPath,
        (parts, file) => {
          const glob = parts.join('');
          if (!minimatch(file, glob, { dot: true })) return;
          met++;
          assert.ok(globsOverlap([glob], [file]), `${glob} names ${file}`);
          assert.ok(globsOverlap([file], [glob]));
        },
      ),
      { numRuns: 8_000 },
    );
    assert.ok(met > 200, `${met} patterns named their file`);
  });

  const apart = [
    ['src/engine/**', 'src/adapters/**'],
    ['src/engine', 'src/engineer'],
    ['src/engine/*.ts', 'src/engine/*.lua'],
    ['src/*.ts', 'src/engine/a.ts'],
    ['*.md', 'docs/a.md'],
    ['src/a?.ts', 'src/abc.ts'],
    ['src/[abc].ts', 'src/d.ts'],
    ['src/[!1].ts', 'src/1.ts'],
    ['src/[a-c]x', 'src/dx'],
    ['src/{a,b}/**', 'src/{c,d}/**'],
    ['src/{a,b}.{ts,js}', 'src/a.lua'],
    ['**/*.test.ts', 'src/**/*.lua'],
    ['src/**/index.*', 'src/**/main.*'],
    ['a/*/c', 'a/b/d'],
    ['a*b*c', 'b*'],
    ['src', 'test'],
    ['a/b/..', 'b'],
  ] as const;
  for (const [a, b] of apart)
    it(`says no of ${a} and ${b}`, () => {
      assert.equal(globsOverlap([a], [b]), false);
      assert.equal(globsOverlap([b, 'x/y/*.never'], [a]), false);
    });

  const together = [
    ['src', 'src/engine/a.ts'],
    ['src/', 'src/engine/a.ts'],
    ['./src//engine/', 'src/engine'],
    ['/src/engine', 'src/engine/tasks/*'],
    ['', 'anything'],
    ['.', 'anything/at/all'],
    ['**', '.hidden'],
    ['src/**', 'src'],
    ['src/*.ts', 'src/a*'],
    ['src/**/*.ts', '**/engine/**'],
    ['*a*', '*b*'],
    ['a/**/z', 'a/z'],
    ['README.md', 'readme.MD'],
    ['src/caf\u00e9.ts', 'src/cafe\u0301.ts'],
    ['app/[slug]/page.tsx', 'app/[slug]/*.tsx'],
    ['app/[slug]', 'app/[slug]/page.tsx'],
    ['app/[slug]/page.tsx', 'app/s/page.tsx'],
    ['{{name}}/a', '{{name}}/**'],
    ['src/{1..9}.ts', 'src/7.ts'],
    ['src\\engine\\a.ts', 'src/engine'],
    ['src/\\[id\\].ts', 'src/[id].ts'],
    ['!src/a', 'src/b'],
    ['src/@(a|b/c).ts', 'src/b/c.ts'],
    ['src/a**/b', 'src/a/x/b'],
    ['src/[[:alpha:]].ts', 'src/a.ts'],
    ['a/../src/x', 'src/*'],
    ['sr?/a/..', 'src/b'],
    [`src/${'{a,b}'.repeat(20)}`, `src/${'ab'.repeat(10)}`],
  ] as const;
  for (const [a, b] of together)
    it(`says yes of ${a.slice(0, 40)} and ${b}`, () => {
      assert.equal(globsOverlap([a], [b]), true);
      assert.equal(globsOverlap([b], ['x/y/z', a]), true);
    });

  it('says no where one side names nothing', () => {
    assert.equal(globsOverlap([], ['**']), false);
    assert.equal(globsOverlap(['**'], []), false);
  });

  it('ends soon on patterns that make others slow', () => {
    const slow = `${'*a'.repeat(300)}/${'**/'.repeat(50)}b`;
    assert.equal(globsOverlap([slow], [`${'a'.repeat(600)}/${'c/'.repeat(50)}c*`]), false);
    assert.equal(globsOverlap([slow], [slow]), true);
  });

  /** What a claim may hold at most, in forms that are written out to very much, or that take long to read or to compare. */
  const braces = '{a,b}{c,d}{e,f}{g,h}{i,j}{k,l}{m,n}{o,p}';
  const fifty = (glob: string) => Array.from({ length: 50 }, (_, i) => `${glob.slice(0, 990)}${i}`);
  const many = (end: string) => fifty(`${braces}${'*q'.repeat(150)}`).map(glob => `${glob}${end}`);
  const costly: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['braces and stars', many('x'), many('y')],
    ['brackets', fifty('['.repeat(999)), many('x')],
    ['ranges without an end', fifty('[a-'.repeat(300)), many('x')],
    ['classes of brackets', fifty('[^]'.repeat(300)), many('x')],
    ['classes', fifty('[!a-zb-yc-x]'.repeat(80)), fifty('a'.repeat(900))],
    ['open braces', fifty('{'.repeat(999)), fifty('{a}'.repeat(333))],
    ['folders', fifty('a/'.repeat(500)), fifty('**/'.repeat(300))],
  ];
  for (const [what, a, b] of costly)
    it(`says yes of ${what} before it takes long`, () => {
      const steps = new CountedSteps(MOST_STEPS);
      assert.equal(globsOverlap(a, b, steps), true);
      // Where the steps end the answer is found by the next one that is asked for.
      assert.ok(steps.spent < 3 * MOST_STEPS, `${steps.spent} steps`);
      assert.ok(steps.asked < MOST_STEPS, `${steps.asked} times`);
    });

  it('has steps enough for claims that people write', () => {
    const inFolder = (folder: string, end: string) =>
      Array.from({ length: 50 }, (_, i) => `src/engine/${folder}/file-name-${i}${end}`);
    assert.equal(globsOverlap(inFolder('agents', '.ts'), inFolder('tasks', '.ts')), false);
    assert.equal(globsOverlap(inFolder('agents', '.ts'), inFolder('agents', '.js')), false);
    assert.equal(globsOverlap(inFolder('agents', '*.ts'), inFolder('agents', '*.js')), false);
    const formats = '**/*.{ts,tsx,js,jsx,css,scss,html,md}';
    assert.equal(globsOverlap([`src/${formats}`], [`test/${formats}`]), false);
  });

  it('says yes when it has no steps, and no less often when it has more', () => {
    const pair = path.chain(file => fc.tuple(fc.constant(file), globOf(file), globOf(file)));
    let unsure = 0;
    fc.assert(
      fc.property(pair, fc.nat(400), ([file, a, b], most) => {
        const answer = globsOverlap([a], [b], new Steps(most));
        if (globsOverlap([a], [b])) assert.equal(answer, true);
        else if (answer) unsure++;
        if (names(a, file) && names(b, file)) assert.equal(answer, true);
      }),
      { numRuns: 3_000 },
    );
    assert.ok(unsure > 10, `${unsure} times the steps made the difference`);
    assert.equal(globsOverlap(['src/a*.ts'], ['src/b*.ts'], new Steps(0)), true);
  });

  it('says yes of what is left when many claims have taken the steps of one', () => {
    const whole = new CountedSteps(40_000);
    const overlaps = compareClaims(whole);
    const claim = ['src/a*.ts'];
    assert.equal(overlaps(claim, ['src/b*.ts']), false);
    const answers = Array.from({ length: 1000 }, (_, i) => overlaps(claim, [`test/${i}/*.ts`]));
    assert.ok(answers.indexOf(true) > 10);
    assert.equal(answers.lastIndexOf(false), answers.indexOf(true) - 1);
    assert.ok(whole.spent < 42_000, `${whole.spent} steps`);
  });
});

/** Counts what is taken beyond its end, too. */
class CountedSteps extends Steps {
  spent = 0;
  asked = 0;

  override spend(count: number): boolean {
    this.spent += count;
    this.asked++;
    return super.spend(count);
  }
}

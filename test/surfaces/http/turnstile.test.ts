import assert from 'node:assert/strict';
import { Turnstile } from '../../../src/surfaces/http/turnstile.ts';

function entered(turnstile: Turnstile, by: string | undefined): number {
  let count = 0;
  while (turnstile.enter(by)) count += 1;
  return count;
}

describe('a turnstile', () => {
  it('leaves places to others, whoever takes as many as there are', () => {
    const turnstile = new Turnstile(256);
    assert.equal(entered(turnstile, 'ada'), 192);
    assert.equal(entered(turnstile, 'grace'), 48);
    assert.equal(entered(turnstile, 'joan'), 12);
    assert.ok(turnstile.enter('somebody else'));
  });

  it('gives all places to who has no share', () => {
    assert.equal(entered(new Turnstile(256), undefined), 256);
    assert.equal(entered(new Turnstile(0), 'ada'), 0);
    assert.equal(entered(new Turnstile(1), 'ada'), 1);
  });

  it('has a place again when somebody left, once', () => {
    const turnstile = new Turnstile(2);
    const leave = turnstile.enter('ada');
    turnstile.enter('ada');
    assert.equal(turnstile.enter('grace'), undefined);
    leave?.();
    leave?.();
    assert.equal(entered(turnstile, 'grace'), 1);
  });
});

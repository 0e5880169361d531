import assert from 'node:assert/strict';
import { howLongAgo } from '../../../src/surfaces/editor/webviews/messages/howLongAgo.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const t = (text: string, ...args: number[]) => text.replace('{0}', String(args[0]));
const english = { t, language: 'en' };
const past = (ms: number) => howLongAgo(NOW - ms, english, NOW);

describe('how long ago that was', () => {
  it('grows coarser with time', () => {
    assert.deepEqual([0, MINUTE - 1, MINUTE, HOUR - 1, HOUR, DAY - 1, DAY, 7 * DAY - 1].map(past), [
      'now',
      'now',
      '1 min ago',
      '59 min ago',
      '1 h ago',
      '23 h ago',
      '1 d ago',
      '6 d ago',
    ]);
  });

  it('is the day after a week, as the language writes it', () => {
    assert.equal(past(10 * DAY), 'Nov 12, 2026');
    assert.equal(howLongAgo(NOW - 10 * DAY, { t, language: 'de' }, NOW), '12.11.2026');
  });

  it('is now when another clock is ahead', () => {
    assert.equal(past(-HOUR), 'now');
  });

  it('is the same of a time that is written', () => {
    assert.equal(howLongAgo('2026-11-22T09:00:00.000Z', english, NOW), '3 h ago');
  });

  it('takes a day without a time as it is', () => {
    assert.equal(howLongAgo('2026-11-22', english, NOW), 'today');
    assert.equal(howLongAgo('2026-11-21', english, NOW), '1 d ago');
    // Also west of Greenwich, where that day begins on the one before.
    const zone = process.env['TZ'];
    process.env['TZ'] = 'America/Los_Angeles';
    try {
      assert.equal(howLongAgo('2026-11-02', english, NOW), 'Nov 2, 2026');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });
});

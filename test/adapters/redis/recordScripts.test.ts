import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scriptText } from '../../../src/adapters/redis/scripts.ts';
import { insideRedis } from '../../fixtures/insideRedis.ts';

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const LEAP_DAYS = ['2000-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z', '2100-02-28T23:59:59.999Z'];

describe("the scripts' clock", () => {
  const inside = insideRedis();

  const answer = (lua: string, ...args: number[]) =>
    inside.client.eval(`${scriptText('records/clock')}\n${lua}`, 0, ...args) as Promise<string>;

  it('writes any time as JavaScript does', async () => {
    const iso = (ms: number) => answer('return iso(tonumber(ARGV[1]))', ms);
    for (const text of LEAP_DAYS) assert.equal(await iso(Date.parse(text)), text);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: LAST }), async ms => {
        assert.equal(await iso(ms), new Date(ms).toISOString());
      }),
    );
  });

  it('tells one time in every form', async () => {
    const [score, iso, ago] = JSON.parse(
      await answer('return cjson.encode({score, iso(now_ms), ms_ago(5)})'),
    );
    assert.match(score, /^\d{10}\.\d{6}$/);
    assert.equal(iso, new Date(Math.floor(Number(score) * 1000 + 1e-4)).toISOString());
    assert.equal(Number(ago), Date.parse(iso) - 5);
  });
});

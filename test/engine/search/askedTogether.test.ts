import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { AskedTogether } from '../../../src/engine/search/askedTogether.ts';

/** Answers with the number of the readiness that it used. */
function counting(prepare: () => Promise<void> = async () => {}) {
  let ready = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    const done = turn.then(work);
    turn = done;
    return done;
  };
  return new AskedTogether<string, string>(inTurn, async () => {
    const mine = ++ready;
    await prepare();
    return async question => {
      if (question === 'bad') throw new Error('refused');
      if (question === 'slow') await sleep(60);
      return `${question} ${mine}`;
    };
  });
}

describe('questions that are asked together', () => {
  it('are answered in order from what was made ready once', async () => {
    const together = counting();
    const answered: string[] = [];
    await Promise.all(['a', 'b', 'c'].map(async one => answered.push(await together.ask(one))));
    assert.deepEqual(answered, ['a 1', 'b 1', 'c 1']);
  });

  it('are never answered from what was made ready before they were asked', async () => {
    const late: Promise<string>[] = [];
    const together = counting(async () => {
      if (late.length === 0) late.push(together.ask('late'));
    });
    assert.equal(await together.ask('early'), 'early 1');
    assert.equal(await late[0], 'late 2');
  });

  it('wait for another turn where they take long, in their order', async () => {
    const together = counting();
    const answers = await Promise.all(['slow', 'a', 'slow', 'slow', 'b'].map(one => together.ask(one)));
    assert.deepEqual(
      answers.map(answer => answer.split(' ')[0]),
      ['slow', 'a', 'slow', 'slow', 'b'],
    );
    const turns = answers.map(answer => Number(answer.split(' ')[1]));
    assert.deepEqual(turns, turns.toSorted());
    for (const after of [1, 3, 4]) assert.equal(turns[after], turns[after - 1]! + 1);
  });

  it('fail each by itself, and all where nothing can be made ready', async () => {
    const together = counting();
    const [bad, good] = await Promise.allSettled([together.ask('bad'), together.ask('good')]);
    assert.equal(bad?.status, 'rejected');
    assert.equal(good?.status === 'fulfilled' && good.value, 'good 1');
    let broken = true;
    const faltering = counting(async () => {
      if (broken) throw new Error('not ready');
    });
    const none = await Promise.allSettled([faltering.ask('a'), faltering.ask('b')]);
    assert.deepEqual(
      none.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    broken = false;
    assert.equal(await faltering.ask('c'), 'c 2');
  });
});

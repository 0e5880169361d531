import assert from 'node:assert/strict';
import { MemoryError } from '../../../../src/engine/errors.ts';
import { LiveData } from '../../../../src/surfaces/editor/sidebar/liveData.ts';
import { until } from '../../../fixtures/until.ts';

/** Counts how often it is read, and how often its views draw. */
function counted(read: () => unknown, againMs?: () => number | undefined) {
  const count = { reads: 0, draws: 0 };
  const data = new LiveData<unknown>({
    async read() {
      count.reads++;
      return read();
    },
    ...(againMs && { againMs }),
  });
  data.onDidChange(() => {
    count.draws++;
    void data.current();
  });
  return { data, count };
}

describe('what a view of the side bar shows', () => {
  it('is not read while no view of it is seen, whatever happens', async () => {
    const { data, count } = counted(
      () => 'tasks',
      () => 1,
    );
    for (let i = 0; i < 50; i++) data.touch();
    data.show('Tasks', true);
    await until(async () => count.reads > 0);
    data.show('Tasks', false);
    // What was begun ends.
    await data.current();
    const { reads } = count;
    for (let i = 0; i < 50; i++) data.touch();
    await new Promise(resolve => setTimeout(resolve, 100));
    assert.equal(count.reads, reads);
    data.dispose();
  });

  it('comes back by itself where it could not be read, and is left alone while nobody looks', async () => {
    let locked = true;
    const read = async () => {
      count++;
      if (locked) throw new MemoryError('unavailable', 'The store is locked.', 'Wait.');
      return 'tasks';
    };
    let count = 0;
    const data = new LiveData<string>({ read, retryMs: 5 });
    data.show('Tasks', true);
    assert.equal(await data.current(), undefined);
    assert.match(data.problem ?? '', /locked/);
    await until(() => count > 2);
    data.show('Tasks', false);
    await data.current();
    const before = count;
    await new Promise(resolve => setTimeout(resolve, 50));
    assert.equal(count, before);
    let drawn = '';
    data.onDidChange(async () => {
      drawn = (await data.current()) ?? '';
    });
    data.show('Tasks', true);
    locked = false;
    await until(() => drawn === 'tasks' && data.problem === undefined);
    data.dispose();
  });

  it('is read once for two views and a hundred changes, and drawn anew only when it is another', async () => {
    let value = 'one';
    const { data, count } = counted(() => value);
    data.show('Agents', true);
    data.show('Tasks', true);
    assert.equal(await data.current(), 'one');
    assert.equal(count.reads, 1);
    const { draws } = count;
    value = 'two';
    for (let i = 0; i < 100; i++) data.touch();
    await until(async () => count.draws === draws + 1);
    assert.equal(await data.current(), 'two');
    assert.equal(count.reads, 2);
    data.touch();
    await until(async () => count.reads === 3);
    assert.equal(await data.current(), 'two');
    assert.equal(count.draws, draws + 1);
    data.dispose();
  });

  it('is read when it is seen again, if something happened meanwhile', async () => {
    const { data, count } = counted(() => 'tasks');
    data.show('Tasks', true);
    await data.current();
    data.show('Tasks', false);
    data.show('Tasks', true);
    await data.current();
    assert.equal(count.reads, 1);
    data.show('Tasks', false);
    data.touch();
    data.show('Tasks', true);
    await data.current();
    assert.equal(count.reads, 2);
    data.dispose();
  });

  it('misses nothing that happens while it is read', async () => {
    let value = 'old';
    const gates: (() => void)[] = [];
    const drawn: unknown[] = [];
    const data = new LiveData<string>({
      async read() {
        const read = value;
        await new Promise<void>(resolve => gates.push(resolve));
        return read;
      },
    });
    data.onDidChange(async () => drawn.push(await data.current()));
    data.show('Tasks', true);
    await until(async () => gates.length === 1);
    value = 'new';
    data.touch();
    // Longer than a burst: it is asked for while the first reading goes on.
    await new Promise(resolve => setTimeout(resolve, 80));
    gates[0]!();
    await until(async () => gates.length === 2);
    gates[1]!();
    await until(async () => drawn.at(-1) === 'new');
    data.dispose();
  });

  it('is drawn anew in every view, also when one of them has asked for it first', async () => {
    let value = 'old';
    const { data, count } = counted(() => value);
    data.show('Agents', true);
    data.show('Tasks', true);
    await data.current();
    const { draws } = count;
    value = 'new';
    data.touch();
    assert.equal(await data.current(), 'new');
    await until(async () => count.draws > draws);
    data.dispose();
  });

  it('is drawn anew where a view has asked for what was there for a moment only', async () => {
    let value = 'nothing';
    const drawn: unknown[] = [];
    const data = new LiveData<string>({ read: async () => value });
    data.onDidChange(async () => drawn.push(await data.current()));
    data.show('Review', true);
    await until(async () => drawn.length === 1);
    value = 'a memory';
    data.touch();
    drawn.push(await data.current());
    value = 'nothing';
    data.touch();
    await until(async () => drawn.length > 2);
    assert.deepEqual(drawn, ['nothing', 'a memory', 'nothing']);
    data.dispose();
  });

  it('says why it cannot be read, until it can', async () => {
    let broken = true;
    const { data, count } = counted(() => {
      if (broken) throw new MemoryError('unavailable', 'Redis is out of reach.', 'Start it.');
      return 'tasks';
    });
    data.show('Tasks', true);
    assert.equal(await data.current(), undefined);
    assert.equal(data.problem, 'Redis is out of reach. Start it.');
    broken = false;
    const { draws } = count;
    data.touch();
    await until(async () => count.draws > draws);
    assert.equal(await data.current(), 'tasks');
    assert.equal(data.problem, undefined);
    data.dispose();
  });

  it('is read again by itself where time alone changes it', async () => {
    const { data, count } = counted(
      () => 'leases',
      () => 5,
    );
    data.show('Tasks', true);
    await until(async () => count.reads > 3 && count.draws > 3);
    data.dispose();
  });
});

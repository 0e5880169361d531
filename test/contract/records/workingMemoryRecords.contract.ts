import assert from 'node:assert/strict';
import type {
  WorkingMemoryFilter,
  WorkingMemoryKey,
} from '../../../src/engine/ports/workingMemoryRecords.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

const ALL = { limit: 100, offset: 0 };
const key: WorkingMemoryKey = { namespace: 'shop/é:x', user: 'ann@example.org', session: 'a:b%c' };

/** What every WorkingMemoryRecords must do. */
export function workingMemoryRecordsContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a WorkingMemoryRecords`, () => {
    it('returns what was put last, to every process', async () => {
      await using opened = await open();
      await opened.records.workingMemory.put(key, 'first', null);
      await opened.records.workingMemory.put(key, 'naïve 🦊\n{"a":1}', null);
      assert.equal(await opened.others.workingMemory.get(key), 'naïve 🦊\n{"a":1}');
    });

    it('keeps those apart whose namespace, user or session differs', async () => {
      await using opened = await open();
      const { workingMemory } = opened.records;
      const keys = [
        { namespace: 'a', user: '', session: 'b:c' },
        { namespace: 'a', user: 'b', session: 'c' },
        { namespace: 'a:b', user: '', session: 'c' },
        { namespace: 'a', user: '', session: 'c' },
      ];
      for (const [i, one] of keys.entries()) await workingMemory.put(one, `${i}`, null);
      for (const [i, one] of keys.entries()) assert.equal(await workingMemory.get(one), `${i}`);
      await workingMemory.remove(keys[1]!);
      assert.deepEqual(await Promise.all(keys.map(one => workingMemory.get(one))), [
        ...['0', undefined, '2', '3'],
      ]);
    });

    it('lists the last put first, by namespace, user and session, in parts', async () => {
      await using opened = await open();
      const { workingMemory } = opened.records;
      for (const [namespace, user, session] of [
        ['shop', 'ann', '1'],
        ['shop', '', '2'],
        ['bank', 'ann', '2'],
        ['shop', 'ann', '3'],
        ['shop', 'ann', '1'],
      ] as const)
        await workingMemory.put({ namespace, user, session }, 'x', null);
      const listed = async (filter: WorkingMemoryFilter, span = ALL) => {
        const { keys, total } = await workingMemory.list(filter, span);
        return [keys.map(one => `${one.namespace} ${one.user} ${one.session}`), total];
      };
      const [first, third, second, nobodys] = ['shop ann 1', 'shop ann 3', 'bank ann 2', 'shop  2'];
      assert.deepEqual(await listed({}), [[first, third, second, nobodys], 4]);
      assert.deepEqual(await listed({}, { limit: 2, offset: 1 }), [[third, second], 4]);
      assert.deepEqual(await listed({ namespaces: ['shop'], user: 'ann' }), [[first, third], 2]);
      assert.deepEqual(await listed({ namespaces: ['shop'], user: '' }), [[nobodys], 1]);
      assert.deepEqual(await listed({ session: '2' }), [[second, nobodys], 2]);
      assert.deepEqual(await listed({ namespaces: [] }), [[], 0]);
    });

    it('forgets one when its life is over, and lets another live on', async () => {
      await using opened = await open();
      const { workingMemory } = opened.records;
      const other = { ...key, session: 'kept' };
      await workingMemory.put(key, 'x', 60_000);
      await workingMemory.put(other, 'x', 60_000);
      await workingMemory.put(other, 'y', null);
      await opened.elapse(60_000);
      assert.equal(await workingMemory.get(key), undefined);
      assert.equal(await workingMemory.get(other), 'y');
      for (let i = 0; i < 2; i++)
        assert.deepEqual(await workingMemory.list({}, ALL), { keys: [other], total: 1 });
      await workingMemory.put(key, 'again', 60_000);
      assert.equal((await workingMemory.list({}, ALL)).total, 2);
    });

    it('removes one once and again', async () => {
      await using opened = await open();
      const { workingMemory } = opened.records;
      await workingMemory.put(key, 'x', null);
      for (let i = 0; i < 2; i++) await workingMemory.remove(key);
      assert.equal(await workingMemory.get(key), undefined);
      assert.deepEqual(await workingMemory.list({}, ALL), { keys: [], total: 0 });
    });

    it('refuses what could not be part of a key', async () => {
      await using opened = await open();
      const { workingMemory } = opened.records;
      for (const wrong of [{ session: '' }, { session: 'x'.repeat(201) }, { user: 'half \ud800' }])
        await refuses('invalid_input', workingMemory.put({ ...key, ...wrong }, 'x', null));
      assert.equal((await workingMemory.list({}, ALL)).total, 0);
    });
  });
}

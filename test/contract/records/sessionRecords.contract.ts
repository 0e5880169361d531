import assert from 'node:assert/strict';
import { type NewSession, SESSION_TTL_MS } from '../../../src/engine/ports/sessionRecords.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

const session: NewSession = {
  id: 'abc123',
  context: 'naïve café 🦊, line\nbreak',
  files: ['src/a.ts', 'C:\\b c.ts'],
  currentTask: 'Write tests',
  lastTool: 'read',
  node: 'spark-1',
};
const empty: NewSession = { id: 'e', context: '', files: [], currentTask: '', lastTool: '', node: '' };

/** What every SessionRecords must do. */
export function sessionRecordsContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a SessionRecords`, () => {
    it('returns what was put, every field, to every process', async () => {
      await using opened = await open();
      await opened.records.sessions.put(session);
      await opened.records.sessions.put(empty);
      const kept = await opened.others.sessions.get('abc123');
      assert.ok(kept!.updatedAt > 0);
      assert.deepEqual(kept, { ...session, updatedAt: kept!.updatedAt });
      assert.deepEqual((await opened.others.sessions.get('e'))?.files, []);
      assert.equal(await opened.records.sessions.get('other'), undefined);
    });

    it('replaces every field', async () => {
      await using opened = await open();
      const { sessions } = opened.records;
      await sessions.put(session);
      await sessions.put({ ...empty, id: session.id });
      const { updatedAt: _, ...kept } = (await sessions.get(session.id))!;
      assert.deepEqual(kept, { ...empty, id: session.id });
    });

    it('lists the last put first, of all and of one user', async () => {
      await using opened = await open();
      const { sessions } = opened.records;
      for (const [id, user] of [
        ['1', 'ann'],
        ['2', 'bob'],
        ['3', 'ann'],
        ['1', undefined],
      ] as const)
        await sessions.put({ ...session, id }, user);
      const ids = async (limit: number, user?: string) =>
        (await sessions.recent(limit, user)).map(({ id }) => id);
      assert.deepEqual(await ids(10), ['1', '3', '2']);
      assert.deepEqual(await ids(2), ['1', '3']);
      assert.deepEqual(new Set(await ids(10, 'ann')), new Set(['1', '3']));
      assert.deepEqual(await ids(10, 'bob'), ['2']);
      assert.deepEqual(await ids(10, 'nobody'), []);
    });

    it('forgets a session 7 days after it was last put', async () => {
      await using opened = await open();
      const { sessions } = opened.records;
      await sessions.put({ ...session, id: 'old' }, 'ann');
      await sessions.put({ ...session, id: 'kept' }, 'ann');
      await opened.elapse(SESSION_TTL_MS - 60_000);
      await sessions.put({ ...session, id: 'kept' }, 'ann');
      assert.ok(await sessions.get('old'));
      await opened.elapse(60_000);
      assert.equal(await sessions.get('old'), undefined);
      for (const user of [undefined, 'ann'])
        assert.deepEqual(
          (await sessions.recent(10, user)).map(({ id }) => id),
          ['kept'],
        );
    });

    it('removes a session once and again', async () => {
      await using opened = await open();
      const { sessions } = opened.records;
      await sessions.put(session, 'ann');
      await sessions.remove(session.id);
      await sessions.remove(session.id);
      assert.equal(await sessions.get(session.id), undefined);
      assert.deepEqual(await sessions.recent(10), []);
      assert.deepEqual(await sessions.recent(10, 'ann'), []);
    });

    it('finds the live ones behind many that are gone', async () => {
      await using opened = await open();
      const { sessions } = opened.records;
      for (let i = 0; i < 7; i++) await sessions.put({ ...session, id: `s${i}` }, 'ann');
      for (let i = 2; i < 7; i++) await sessions.remove(`s${i}`);
      assert.deepEqual(
        (await sessions.recent(2, 'ann')).map(({ id }) => id),
        ['s1', 's0'],
      );
    });

    it('refuses what it could not return', async () => {
      await using opened = await open();
      const { sessions } = opened.records;
      await refuses('invalid_input', sessions.put({ ...session, id: '' }));
      await refuses('invalid_input', sessions.put({ ...session, id: 'x'.repeat(201) }));
      await refuses('invalid_input', sessions.put({ ...session, files: ['a,b'] }));
      await refuses('invalid_input', sessions.put({ ...session, context: 'half \ud800' }));
      await refuses('invalid_input', sessions.put({ ...session, context: 'nul \0' }));
      await refuses('invalid_input', sessions.recent(0));
      assert.deepEqual(await sessions.recent(10), []);
    });
  });
}

import assert from 'node:assert/strict';
import type { NewToken } from '../../../src/engine/ports/tokenStore.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

const ci: NewToken = {
  id: '0123456789ab',
  name: 'ci',
  hash: 'a'.repeat(64),
  rights: {
    ...{ scopes: ['read', 'tasks'], namespaces: ['shop', 'github.com/ada/"x" y'] },
    clients: ['claude-code', 'codex'],
  },
  createdAt: 1000,
  expiresAt: 5000,
};
const everywhere: NewToken = { ...ci, id: 'ba9876543210', rights: { scopes: ['admin'] }, expiresAt: null };

/** What every TokenStore must do. */
export function tokenStoreContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a TokenStore`, () => {
    it('returns to others what was added, every field', async () => {
      await using opened = await open();
      await opened.records.tokens.add(ci);
      await opened.records.tokens.add(everywhere);
      assert.deepEqual(await opened.others.tokens.get(ci.id), { ...ci, usedAt: null });
      assert.deepEqual(await opened.others.tokens.get(everywhere.id), { ...everywhere, usedAt: null });
      assert.equal(await opened.others.tokens.get('other'), undefined);
    });

    it('keeps the first of an id', async () => {
      await using opened = await open();
      await opened.records.tokens.add(ci);
      await refuses('conflict', opened.others.tokens.add({ ...ci, name: 'other' }));
      assert.equal((await opened.records.tokens.get(ci.id))!.name, 'ci');
    });

    it('keeps none for a token without namespaces', async () => {
      await using opened = await open();
      await opened.records.tokens.add({ ...ci, rights: { scopes: ['read'], namespaces: [] } });
      assert.deepEqual((await opened.records.tokens.get(ci.id))!.rights, {
        scopes: ['read'],
        namespaces: [],
      });
    });

    it('lists all, by name and age', async () => {
      await using opened = await open();
      const { tokens } = opened.records;
      assert.deepEqual(await tokens.list(), []);
      for (const [id, name, createdAt] of [
        ['3', 'b', 1],
        ['2', 'a', 2],
        ['1', 'a', 1],
      ] as const)
        await tokens.add({ ...ci, id, name, createdAt });
      assert.deepEqual(
        (await opened.others.tokens.list()).map(({ id }) => id),
        ['1', '2', '3'],
      );
    });

    it('ends one sooner, and never later', async () => {
      await using opened = await open();
      const { tokens } = opened.records;
      await tokens.add(ci);
      await tokens.add(everywhere);
      const ends = async ({ id }: NewToken) => (await opened.others.tokens.get(id))!.expiresAt;
      assert.equal(await tokens.expire(ci.id, 9000), true);
      assert.equal(await ends(ci), 5000);
      assert.equal(await tokens.expire(ci.id, 3000), true);
      assert.equal(await ends(ci), 3000);
      assert.equal(await tokens.expire(everywhere.id, 9000), true);
      assert.equal(await ends(everywhere), 9000);
      assert.equal(await tokens.expire('other', 1), false);
    });

    it('knows when it was used last', async () => {
      await using opened = await open();
      const { tokens } = opened.records;
      await tokens.add(ci);
      await tokens.used(ci.id, 2000);
      await opened.others.tokens.used(ci.id, 1500);
      assert.equal((await tokens.get(ci.id))!.usedAt, 2000);
    });

    it('brings back none that was removed', async () => {
      await using opened = await open();
      const { tokens } = opened.records;
      await tokens.add(ci);
      assert.equal(await opened.others.tokens.remove(ci.id), true);
      assert.equal(await tokens.remove(ci.id), false);
      await tokens.used(ci.id, 2000);
      assert.equal(await tokens.expire(ci.id, 2000), false);
      assert.equal(await tokens.get(ci.id), undefined);
      assert.deepEqual(await tokens.list(), []);
    });
  });
}

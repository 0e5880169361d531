import assert from 'node:assert/strict';
import { globsOverlap } from '../../../src/engine/agents/globsOverlap.ts';
import type { FileClaim } from '../../../src/engine/ports/fileClaimStore.ts';
import { type OpenWork, type Together, told } from '../../fixtures/openWork.ts';
import { refuses } from '../records/refuses.ts';

const TTL_MS = 60_000;

type NewClaim = Omit<FileClaim, 'fence' | 'claimedAt' | 'until'>;

const claim: NewClaim = {
  id: 'claim 1',
  namespace: 'team/a',
  globs: ['src/engine/**', 'docs/naïve 🦊.md'],
  agent: 'claude-1',
  owner: 'ann@laptop/claude-code',
  note: 'moves "it"\n\\ 🦊',
};
const foreign: NewClaim = { ...claim, id: 'claim 2', agent: 'vscode-1', owner: 'ann@laptop/vscode' };

/** What every FileClaimStore must do. @param open an empty one */
export function fileClaimsContract(name: string, open: () => Promise<OpenWork>): void {
  const ask = ({ files }: Together, wanted: NewClaim, ttlMs = TTL_MS) =>
    files.claim(wanted, ttlMs, globsOverlap);
  const take = async (work: Together, wanted: NewClaim, ttlMs = TTL_MS): Promise<FileClaim> => {
    const answer = await ask(work, wanted, ttlMs);
    assert.ok('granted' in answer, JSON.stringify(answer));
    return answer.granted;
  };

  describe(`${name} is a FileClaimStore`, () => {
    it('grants a claim, and shows it to everybody', async () => {
      await using opened = await open();
      const { fence, claimedAt, until, ...granted } = await take(opened.work, claim);
      assert.deepEqual(granted, claim);
      assert.equal(until - claimedAt, TTL_MS);
      assert.deepEqual(await opened.others.files.list(['team/a']), [{ ...claim, fence, claimedAt, until }]);
      assert.deepEqual(await told(opened), [
        { type: 'files', namespace: 'team/a', subject: 'claim 1', change: 'claimed', agent: 'claude-1' },
      ]);
    });

    it('refuses what another agent holds, tells whose, and claims nothing', async () => {
      await using opened = await open();
      const first = await take(opened.work, claim);
      const other = await take(opened.work, { ...claim, id: 'tests', agent: 'rust-1', globs: ['test/**'] });
      const wanted = { ...foreign, globs: ['README.md', 'src/engine/tasks/*.ts', 'test/a.ts'] };
      assert.deepEqual(await ask(opened.others, wanted), { held: [first, other] });
      assert.deepEqual(await ask(opened.others, { ...wanted, globs: ['src/**/*.ts'] }), { held: [first] });
      assert.deepEqual(await opened.work.files.list(undefined), [first, other]);
      await take(opened.others, { ...wanted, globs: ['README.md', 'src/adapters'] });
      await take(opened.others, { ...wanted, namespace: 'team/b' });
    });

    it('lets an agent claim beside its own claims', async () => {
      await using opened = await open();
      const first = await take(opened.work, claim);
      const second = await take(opened.work, { ...claim, id: 'more', globs: ['src/**'] });
      assert.ok(second.fence > first.fence);
      assert.deepEqual(await opened.work.files.list(['team/a']), [first, second]);
    });

    it('ends a claim when its time is over', async () => {
      await using opened = await open();
      const first = await take(opened.work, claim, 60_000);
      await opened.elapse(30_000);
      assert.deepEqual(
        (await opened.work.files.list(['team/a'])).map(({ id }) => id),
        ['claim 1'],
      );
      assert.ok('held' in (await ask(opened.work, foreign)));
      await opened.elapse(30_000);
      assert.deepEqual(await opened.work.files.list(['team/a']), []);
      await refuses('stale_lease', opened.work.files.renew(first, TTL_MS));
      const second = await take(opened.work, foreign);
      assert.ok(second.fence > first.fence);
      await refuses('stale_lease', opened.work.files.renew(first, TTL_MS));
      await refuses('stale_lease', opened.work.files.release(first));
      assert.deepEqual(
        (await opened.work.files.list(['team/a'])).map(({ id }) => id),
        ['claim 2'],
      );
    });

    it('prolongs a claim', async () => {
      await using opened = await open();
      const first = await take(opened.work, claim, 60_000);
      await opened.elapse(50_000);
      const { until, ...same } = await opened.others.files.renew(first, 60_000);
      assert.deepEqual({ ...same, until: first.until }, first);
      assert.ok(until > first.until);
      await opened.elapse(50_000);
      assert.ok('held' in (await ask(opened.work, foreign)));
      await opened.work.files.renew(first, 1);
      await opened.elapse(10);
      assert.deepEqual(await opened.work.files.list(undefined), []);
    });

    it('refuses who does not hold the claim any more', async () => {
      await using opened = await open();
      const { files } = opened.work;
      const first = await take(opened.work, claim);
      const again = await take(opened.work, claim);
      assert.ok(again.fence > first.fence);
      assert.deepEqual(await files.list(undefined), [again]);
      for (const stale of [
        first,
        { ...again, agent: 'vscode-1' },
        { ...again, namespace: 'team/b' },
        { ...again, id: 'x' },
      ]) {
        await refuses('stale_lease', files.renew(stale, TTL_MS));
        await refuses('stale_lease', files.release(stale));
      }
      await refuses('conflict', ask(opened.work, { ...foreign, id: claim.id, globs: ['elsewhere'] }));
      assert.deepEqual(await files.list(undefined), [again]);
      await files.release(again);
      await refuses('stale_lease', files.release(again));
      assert.deepEqual(await files.list(undefined), []);
    });

    it('releases one, and all of an agent', async () => {
      await using opened = await open();
      const { files } = opened.work;
      const [a, b, c] = ['a', 'b', 'c'].map(id => ({ ...claim, id }));
      const granted = await take(opened.work, a!);
      await take(opened.work, b!);
      await take(opened.work, c!);
      const other = await take(opened.work, { ...foreign, globs: ['elsewhere'] });
      const elsewhere = await take(opened.work, { ...claim, namespace: 'team/b' });
      await opened.others.files.release(granted);
      assert.equal(await opened.others.files.releaseAll('team/a', 'claude-1'), 2);
      assert.equal(await files.releaseAll('team/a', 'claude-1'), 0);
      assert.deepEqual(await files.list(undefined), [other, elsewhere]);
      const released = (await told(opened)).flatMap(event =>
        'change' in event && event.change === 'released' ? [event.subject] : [],
      );
      assert.deepEqual(released.slice(0, 1), ['a']);
      assert.deepEqual(released.toSorted(), ['a', 'b', 'c']);
      await take(opened.others, foreign);
    });

    it('lists those of the namespaces that are asked for, oldest first', async () => {
      await using opened = await open();
      const keys = [
        ['team/a', 'c'],
        ['team/b', 'a'],
        ['team/a', 'b'],
        ['team:a', 'd'],
      ] as const;
      for (const [namespace, id] of keys) await take(opened.work, { ...claim, namespace, id });
      const listed = async (namespaces?: readonly string[]) =>
        (await opened.work.files.list(namespaces)).map(({ namespace, id }) => `${namespace} ${id}`);
      // Claims of several namespaces may be of one millisecond.
      assert.deepEqual((await listed()).toSorted(), ['team/a b', 'team/a c', 'team/b a', 'team:a d']);
      assert.deepEqual(await listed(['team/a']), ['team/a c', 'team/a b']);
      assert.deepEqual(await listed(['nowhere']), []);
      assert.deepEqual(await listed([]), []);
    });

    it('lets one of many have a file', async () => {
      await using opened = await open();
      const rounds = 5;
      for (let round = 0; round < rounds; round++) {
        const wanted = Array.from({ length: 12 }, (_, i) => ({
          ...claim,
          id: `${round} ${i}`,
          agent: `agent ${i}`,
          globs: [`src/${round}/**`, `only/${i}`],
        }));
        const answers = await Promise.all(
          wanted.map((one, i) => ask(i % 2 ? opened.work : opened.others, one)),
        );
        const granted = answers.flatMap(answer => ('granted' in answer ? [answer.granted] : []));
        assert.equal(granted.length, 1);
        for (const answer of answers)
          if ('held' in answer)
            assert.deepEqual(
              answer.held.filter(({ globs }) => globs.includes(`src/${round}/**`)),
              granted,
            );
      }
      const fences = (await opened.work.files.list(undefined)).map(({ fence }) => fence);
      assert.deepEqual(
        fences,
        [...new Set(fences)].sort((a, b) => a - b),
      );
      assert.equal(fences.length, rounds);
    });

    it('keeps apart what many claim at once', async () => {
      await using opened = await open();
      const wanted = Array.from({ length: 12 }, (_, i) => ({
        ...claim,
        id: `${i}`,
        agent: `agent ${i}`,
        globs: [`src/${i}`],
      }));
      const granted = await Promise.all(
        wanted.map((one, i) => take(i % 2 ? opened.work : opened.others, one)),
      );
      assert.equal(new Set(granted.map(({ fence }) => fence)).size, wanted.length);
      assert.equal((await opened.work.files.list(['team/a'])).length, wanted.length);
    });

    it('refuses text that could not be kept', async () => {
      await using opened = await open();
      await refuses('invalid_input', ask(opened.work, { ...claim, note: 'half \ud800' }));
      await refuses('invalid_input', ask(opened.work, { ...claim, globs: ['a\0b'] }));
      assert.deepEqual(await opened.work.files.list(undefined), []);
    });
  });
}

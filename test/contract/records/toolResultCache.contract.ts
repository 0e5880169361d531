import assert from 'node:assert/strict';
import { type OperationKind, TOOL_RESULT_TTL_MS } from '../../../src/engine/ports/toolResultCache.ts';
import type { OpenRecords } from '../../fixtures/openRecords.ts';
import { refuses } from './refuses.ts';

const call = { tool: 'read', inputHash: 'a1' };

/** What every ToolResultCache must do. */
export function toolResultCacheContract(name: string, open: () => Promise<OpenRecords>): void {
  describe(`${name} is a ToolResultCache`, () => {
    it('returns what was put for the same call, to every process', async () => {
      await using opened = await open();
      const { toolResults } = opened.records;
      await toolResults.put(call, 'old', 'default');
      await toolResults.put(call, 'naïve 🦊', 'default');
      await toolResults.put({ ...call, path: 'C:\\a:b.ts' }, '', 'default');
      assert.equal(await opened.others.toolResults.get(call), 'naïve 🦊');
      assert.equal(await toolResults.get({ ...call, path: 'C:\\a:b.ts' }), '');
      assert.equal(await toolResults.get({ ...call, path: 'other' }), undefined);
      assert.equal(await toolResults.get({ ...call, inputHash: 'a2' }), undefined);
      assert.equal(await toolResults.get({ ...call, tool: 'grep' }), undefined);
    });

    for (const [kind, ttl] of Object.entries(TOOL_RESULT_TTL_MS)) {
      it(`keeps what is ${kind} for ${ttl / 60_000} minutes`, async () => {
        await using opened = await open();
        const { toolResults } = opened.records;
        await toolResults.put(call, 'result', kind as OperationKind);
        await opened.elapse(ttl - 60_000);
        assert.equal(await toolResults.get(call), 'result');
        await opened.elapse(60_000);
        assert.equal(await toolResults.get(call), undefined);
      });
    }

    it('counts hits and misses by tool', async () => {
      await using opened = await open();
      const { toolResults } = opened.records;
      assert.deepEqual(await toolResults.counts(), new Map());
      await toolResults.get(call);
      await toolResults.put(call, 'result', 'default');
      await toolResults.get(call);
      await toolResults.get(call);
      await toolResults.get({ ...call, tool: 'grep' });
      assert.deepEqual(
        await toolResults.counts(),
        new Map([
          ['read', { hits: 2, misses: 1 }],
          ['grep', { hits: 0, misses: 1 }],
        ]),
      );
    });

    it('forgets by tool, by path, or all, and keeps the counts', async () => {
      await using opened = await open();
      const { toolResults } = opened.records;
      const calls = ['read', 'read*', 'r'].flatMap(tool =>
        ['', 'a.ts', 'dir:a.ts'].map(path => ({ tool, path, inputHash: 'a1' })),
      );
      for (const one of calls) await toolResults.put(one, 'result', 'default');
      const left = async () => {
        const found = [];
        for (const one of calls) if (await toolResults.get(one)) found.push(`${one.tool} ${one.path}`);
        return found;
      };
      assert.equal(await toolResults.forget({ tool: 'read*' }), 3);
      assert.deepEqual(await left(), ['read ', 'read a.ts', 'read dir:a.ts', 'r ', 'r a.ts', 'r dir:a.ts']);
      assert.equal(await toolResults.forget({ path: 'a.ts' }), 2);
      assert.equal(await toolResults.forget({ tool: 'r', path: 'dir:a.ts' }), 1);
      assert.deepEqual(await left(), ['read ', 'read dir:a.ts', 'r ']);
      assert.equal(await toolResults.forget(), 3);
      assert.deepEqual(await left(), []);
      assert.ok((await toolResults.counts()).get('read')!.hits > 0);
    });

    it('refuses calls that could be taken for others', async () => {
      await using opened = await open();
      const { toolResults } = opened.records;
      await refuses('invalid_input', toolResults.put({ ...call, tool: 'a:b' }, 'x', 'default'));
      await refuses('invalid_input', toolResults.put({ ...call, inputHash: 'a:b' }, 'x', 'default'));
      await refuses('invalid_input', toolResults.get({ ...call, tool: '' }));
      await refuses('invalid_input', toolResults.put(call, 'half \ud800', 'default'));
    });
  });
}

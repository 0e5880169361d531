import assert from 'node:assert/strict';
import { sparkline } from '../../../src/surfaces/cli/renderStats.ts';
import { cliHome } from '../../fixtures/cli.ts';

describe('stats', () => {
  it('shows what the memory holds and how it grows', async () => {
    await using cli = await cliHome();
    await cli.json(['store', 'One', '--memory-type', 'code']);
    await cli.json(['store', 'Two', '--memory-type', 'code', '--ttl-seconds', '3600']);
    const { stdout } = await cli.run(['stats']);
    assert.match(stdout, /^memories +2, 0 pinned, 0 expired, 1 kB of text$/m);
    assert.match(stdout, /^growth +▁{13}█ 2 in 14 days, 2 today$/m);
    assert.match(stdout, /^retention +1 to expire within 7 days$/m);
    assert.match(stdout, /^types +code 2$/m);
    const { stored_by_day: days } = await cli.json(['stats']);
    assert.deepEqual(days, [...Array<number>(13).fill(0), 2]);
  });
});

describe('sparkline', () => {
  it('shows each number by its share of the largest, and what is not nothing as more than nothing', () => {
    assert.equal(sparkline([0, 1, 50, 100]), '▁▂▅█');
    assert.equal(sparkline([0, 0]), '▁▁');
    assert.equal(sparkline([]), '');
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SCOPES } from '../../../src/engine/model/rights.ts';
import { authorizing } from '../../fixtures/authorizing.ts';
import { cachedPackage } from '../../fixtures/cachedPackage.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { node24 } from '../../fixtures/node24.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { NOT_APPLICABLE } from './notApplicable.ts';

/** The first that knows 2026-07-28; it tests 2025-11-25 as well. */
const VERSION = '0.2.0-alpha.12';

interface Check {
  readonly id: string;
  readonly status: string;
}

describe('the official conformance suite', function () {
  this.timeout(300_000);

  it('passes in every scenario that applies', async () => {
    await using memory = await httpMemory();
    await passes(memory.url);
  });

  it('passes the same with a token that is bound to a namespace', async () => {
    const rights = { scopes: SCOPES, namespaces: ['global'] };
    await using memory = await httpMemory({ token: 'for-the-suite', rights });
    await using door = await authorizing(memory.url, 'for-the-suite');
    assert.equal((await fetch(memory.url, { method: 'POST' })).status, 401);
    await passes(door.url);
  });
});

/** @param url of the MCP endpoint */
async function passes(url: string): Promise<void> {
  const [suite, node] = await Promise.all([
    cachedPackage('@modelcontextprotocol/conformance', VERSION),
    node24(),
  ]);
  await using results = await temporaryFolder();
  const program = join(suite, 'dist', 'index.js');
  const args = ['server', '--url', url, '--suite', 'all', '-o', results.path];
  // It ends with 1 when a check fails; which ones is read from its reports.
  await promisify(execFile)(node, [program, ...args], { maxBuffer: 1 << 26 }).catch(() => {});

  const failed = new Set<string>();
  let passed = 0;
  for (const folder of await readdir(results.path)) {
    const scenario = folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
    const checks = JSON.parse(await readFile(join(results.path, folder, 'checks.json'), 'utf8')) as Check[];
    for (const { id, status } of checks) {
      if (status === 'FAILURE') failed.add(`${scenario}: ${id}`);
      if (status === 'SUCCESS') passed += 1;
    }
  }
  const excused = Object.values(NOT_APPLICABLE).flatMap(scenarios =>
    Object.entries(scenarios).flatMap(([scenario, ids]) => ids.map(id => `${scenario}: ${id}`)),
  );
  assert.deepEqual([...failed].sort(), excused.sort());
  assert.ok(passed >= 120, `only ${passed} checks passed: did the suite run?`);
}

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/loadSettings.ts';
import { MemoryError } from '../../src/engine/errors.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

describe('loadSettings', () => {
  it('takes overrides before the environment before .env before TOML before defaults', async () => {
    await using folder = await temporaryFolder();
    await writeFile(
      join(folder.path, 'memory-central.toml'),
      'namespace = "toml"\nagent = "toml"\n[mcp]\nport = 1\nhost = "toml"\n',
    );
    await writeFile(join(folder.path, '.env'), 'MEMORY_AGENT=dotenv\nMCP_PORT=2\n');
    const settings = loadSettings({
      env: { MCP_PORT: '3' },
      folders: [folder.path],
      overrides: { 'secrets.policy': 'refuse' },
    });
    assert.deepEqual(
      [
        settings['mcp.host'],
        settings.agent,
        settings['mcp.port'],
        settings['secrets.policy'],
        settings['recall.deadlineMs'],
      ],
      ['toml', 'dotenv', 3, 'refuse', 2000],
    );
  });

  for (const [what, env, toml, expected] of [
    ['a wrong number', { MCP_PORT: 'many' }, '', /mcp\.port \(MCP_PORT in the environment\)/],
    ['an unknown setting', {}, 'colour = "red"', /colour .* is no setting/],
    ['broken TOML', {}, 'a = = b', /no valid TOML/],
    [
      'an index that does not exist yet',
      { VECTOR_INDEX_TYPE: 'hnsw' },
      '',
      /vectorStore\.indexType.*exact scan/,
    ],
  ] as const) {
    it(`refuses ${what} and says where it is`, async () => {
      await using folder = await temporaryFolder();
      await writeFile(join(folder.path, 'memory-central.toml'), toml);
      assert.throws(
        () => loadSettings({ env, folders: [folder.path] }),
        error => MemoryError.is(error, 'invalid_input') && expected.test(error.message),
      );
    });
  }
});

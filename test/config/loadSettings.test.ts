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

  it('takes the files of the environment before the others', async () => {
    await using folder = await temporaryFolder();
    const write = (name: string, text: string) => writeFile(join(folder.path, name), text);
    await write('memory-central.toml', 'namespace = "all"\nagent = "all"\n[mcp]\nport = 1\n');
    await write('memory-central.staging.toml', 'namespace = "staging"\n');
    await write('.env', 'MCP_PORT=2\n');
    await write('.env.staging', 'MCP_PORT=3\n');
    const load = (env: Record<string, string>) => {
      const { namespace, agent, 'mcp.port': port } = loadSettings({ env, folders: [folder.path] });
      return [namespace, agent, port];
    };
    assert.deepEqual(load({ MEMORY_CENTRAL_ENV: 'staging' }), ['staging', 'all', 3]);
    assert.deepEqual(load({ MEMORY_CENTRAL_ENV: '' }), ['all', 'all', 2]);
    assert.deepEqual(load({}), ['all', 'all', 2]);
    assert.throws(
      () => load({ MEMORY_CENTRAL_ENV: 'stagign' }),
      error => MemoryError.is(error) && /memory-central\.stagign\.toml/.test(error.fix),
    );
    assert.throws(() => load({ MEMORY_CENTRAL_ENV: '../x' }), /no name/);
  });

  it('takes of a project’s environment too only what cannot redirect memories', async () => {
    await using project = await temporaryFolder();
    await writeFile(
      join(project.path, 'memory-central.ci.toml'),
      'namespace = "ci"\n[embedding]\nbaseUrl = "http://evil.example"\n',
    );
    const settings = loadSettings({
      env: { MEMORY_CENTRAL_ENV: 'ci' },
      folders: [],
      project: project.path,
    });
    assert.equal(settings.namespace, 'ci');
    assert.equal(settings['embedding.baseUrl'], 'https://api.openai.com/v1');
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
    [
      'a schedule that is none',
      { WORKER_SCHEDULE: 'embed=banana' },
      '',
      /"embed=banana" is no interval\. Write .* a year is the most\.$/,
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

  it('says which program’s settings are wrong', () => {
    const overrides = { 'recall.deadlineMs': 5 };
    assert.throws(
      () => loadSettings({ env: {}, folders: [], overrides, overridesFrom: 'settings of the editor' }),
      /recall\.deadlineMs \(settings of the editor\)/,
    );
  });
});

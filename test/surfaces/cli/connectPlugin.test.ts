import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cliHome } from '../../fixtures/cli.ts';

type Home = Awaited<ReturnType<typeof cliHome>>;

const connect = (cli: Home, ...args: string[]) => cli.run(['connect', 'claude', ...args, '--yes']);
const settingsOf = (cli: Home) => join(cli.home, '.claude', 'settings.json');
const folderOf = (cli: Home) => join(cli.data, 'claude-plugin');

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function json(...path: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as Record<string, unknown>;
}

describe('connect claude --plugin', () => {
  const mine = '{\n\t// mine\n\t"model": "opus",\n\t"enabledPlugins": { "other@place": true }\n}\n';

  it('switches the plugin on beside what is there, and --remove undoes it byte for byte', async () => {
    await using cli = await cliHome();
    await put(settingsOf(cli), mine);
    const { code, stdout, stderr } = await connect(cli, '--plugin');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\+.*memory-central@memory-central/, 'the change is shown');
    const after = await readFile(settingsOf(cli), 'utf8');
    assert.match(after, /\/\/ mine/);
    const { enabledPlugins, extraKnownMarketplaces } = JSON.parse(after.replace('// mine', '')) as {
      enabledPlugins: unknown;
      extraKnownMarketplaces: unknown;
    };
    assert.deepEqual(enabledPlugins, { 'other@place': true, 'memory-central@memory-central': true });
    const source = { source: 'directory', path: folderOf(cli) };
    assert.deepEqual(extraKnownMarketplaces, { 'memory-central': { source } });
    assert.equal((await connect(cli, '--plugin')).code, 0);
    assert.equal(await readFile(settingsOf(cli), 'utf8'), after, 'a second time changes nothing');
    assert.equal((await connect(cli, '--remove')).code, 0);
    assert.equal(await readFile(settingsOf(cli), 'utf8'), mine);
    assert.ok(!existsSync(folderOf(cli)));
  });

  it('takes only its own part out of settings that were changed since', async () => {
    await using cli = await cliHome();
    await connect(cli, '--plugin');
    const changed = (await readFile(settingsOf(cli), 'utf8')).replace('{', '{ "theme": "dark",');
    await writeFile(settingsOf(cli), changed);
    await connect(cli, '--remove');
    assert.deepEqual(await json(settingsOf(cli)), { theme: 'dark' });
  });

  it('also removes what the client wrote down of it', async () => {
    await using cli = await cliHome();
    await connect(cli, '--plugin');
    const known = join(cli.home, '.claude', 'plugins', 'known_marketplaces.json');
    await put(known, '{"memory-central": {"installLocation": "x"}, "other": {}}');
    await connect(cli, '--remove');
    assert.deepEqual(await json(known), { other: {} });
  });

  it('writes a launcher, and hooks and a server that use it', async () => {
    await using cli = await cliHome();
    await connect(cli, '--plugin');
    const launcher = join(cli.data, 'bin', 'memory-central');
    assert.ok((await stat(launcher)).mode & 0o100);
    const { hooks } = (await json(folderOf(cli), 'hooks/hooks.json')) as {
      hooks: Record<string, { hooks: { command: string; args: string[] }[] }[]>;
    };
    assert.deepEqual(Object.keys(hooks), ['SessionStart', 'UserPromptSubmit', 'Stop']);
    for (const [matched] of Object.values(hooks)) {
      const [{ command, args }] = matched!.hooks as [{ command: string; args: string[] }];
      assert.deepEqual([command, args], [launcher, ['digest', '--hook']]);
    }
    const server = { type: 'stdio', command: launcher, args: ['mcp'], env: {} };
    assert.deepEqual(await json(folderOf(cli), '.mcp.json'), { mcpServers: { 'memory-central': server } });
  });

  it('keeps the token of the server for the user alone', async () => {
    await using cli = await cliHome();
    await connect(cli, '--plugin', '--http');
    const file = join(folderOf(cli), '.mcp.json');
    assert.match(await readFile(file, 'utf8'), /Bearer \S+/);
    assert.equal((await stat(file)).mode & 0o077, 0);
    assert.equal((await connect(cli, '--remove')).code, 0);
    assert.ok(!existsSync(file));
  });

  it('leaves its commands out where they are not wanted, and brings them back', async () => {
    await using cli = await cliHome();
    const command = join(folderOf(cli), 'skills', 'recall', 'SKILL.md');
    await connect(cli, '--plugin');
    assert.ok(existsSync(command));
    await connect(cli, '--plugin', '--no-commands');
    assert.ok(!existsSync(dirname(dirname(command))));
    await connect(cli, '--plugin');
    assert.ok(existsSync(command));
  });

  it('takes the place of the plain connection, and the reverse', async () => {
    await using cli = await cliHome();
    const plain = join(cli.home, '.claude.json');
    await connect(cli);
    assert.match(await readFile(plain, 'utf8'), /memory-central/);
    await connect(cli, '--plugin');
    assert.ok(!existsSync(plain), 'the file was ours alone');
    await connect(cli);
    assert.match(await readFile(plain, 'utf8'), /memory-central/);
    assert.ok(!existsSync(settingsOf(cli)) && !existsSync(folderOf(cli)));
  });

  it('is refused for other clients, for a project, and where the settings do not parse', async () => {
    await using cli = await cliHome();
    for (const args of [
      ['connect', 'codex', '--plugin', '--yes'],
      ['connect', 'claude', '--plugin', '--project', '--yes'],
    ]) {
      const { code, stderr } = await cli.run(args);
      assert.equal(code, 2);
      assert.match(stderr, /connect claude --plugin/);
    }
    await put(settingsOf(cli), '{ "model": ');
    assert.equal((await connect(cli, '--plugin')).code, 2);
    assert.equal(await readFile(settingsOf(cli), 'utf8'), '{ "model": ');
    assert.ok(!existsSync(folderOf(cli)));
  });

  it('only shows the change with --dry-run', async () => {
    await using cli = await cliHome();
    const { stdout } = await cli.run(['connect', 'claude', '--plugin', '--dry-run']);
    assert.match(stdout, /enabledPlugins/);
    assert.ok(!existsSync(settingsOf(cli)) && !existsSync(folderOf(cli)));
  });

  it('is seen by doctor, which tells a plugin that is out of date', async () => {
    await using cli = await cliHome();
    await connect(cli, '--plugin');
    const claudeOf = async () => {
      const { stdout } = await cli.run(['--json', 'doctor']);
      const { checks } = JSON.parse(stdout) as {
        checks: { check: string; level: string; message: string; fix?: string }[];
      };
      return checks.find(({ check }) => check === 'claude')!;
    };
    assert.equal((await claudeOf()).level, 'ok');
    await connect(cli, '--plugin', '--no-commands');
    assert.equal((await claudeOf()).level, 'ok', 'also without its commands');
    await writeFile(join(folderOf(cli), 'hooks', 'hooks.json'), '{}');
    const { level, message, fix } = await claudeOf();
    assert.equal(level, 'warn');
    assert.match(`${message} ${fix}`, /hooks\/hooks\.json .*connect claude --plugin/);
  });
});

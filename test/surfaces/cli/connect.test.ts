import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { writeToken } from '../../../src/engine/tokens/tokenText.ts';
import { type CliOptions, type CliResult, cliHome } from '../../fixtures/cli.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';

/** A file of the client as its user has it, with everything that an edit could lose. */
const EXISTING: Readonly<Record<string, { user: string; project: string; text: string }>> = {
  claude: {
    user: '.claude.json',
    project: '.mcp.json',
    text: '{"numStartups":3,"mcpServers":{"other":{"command":"x"}},"projects":{"/a":{"history":["é"]}}}',
  },
  vscode: {
    user: '.config/Code/User/mcp.json',
    project: '.vscode/mcp.json',
    text: '// servers of the team\r\n{\r\n\t"inputs": [], // none yet\r\n\t"servers": {\r\n\t\t"other": { "command": "x", },\r\n\t},\r\n}\r\n',
  },
  codex: {
    user: '.codex/config.toml',
    project: '.codex/config.toml',
    text: '# mine\nmodel = "o9"   # best\n\n[mcp_servers.other]\ncommand = "x"\nargs = [\n  "[not.a.table]",\n]\n\n# the last\n[tui]\ntheme = "dark"',
  },
  gemini: {
    user: '.gemini/settings.json',
    project: '.gemini/settings.json',
    text: '\uFEFF{\n    "theme": "GitHub",\n    "mcpServers": {}\n}',
  },
  cursor: { user: '.cursor/mcp.json', project: '.cursor/mcp.json', text: '{\n  "mcpServers": {\n  }\n}\n\n' },
  opencode: {
    user: '.config/opencode/opencode.json',
    project: 'opencode.json',
    text: '{ "$schema": "https://opencode.ai/config.json", "mcp": { "a": { "enabled": false } } }\n',
  },
};

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Words alone, or a list of them with options. */
interface Run {
  (...args: string[]): Promise<CliResult>;
  (args: readonly string[], options: CliOptions): Promise<CliResult>;
}

/** The home, with a project in it that is the working directory. */
async function withProject() {
  const cli = await cliHome();
  const project = join(cli.home, 'project');
  await mkdir(join(project, '.git'), { recursive: true });
  const run: Run = (...given: unknown[]) => {
    const [first, options] = given as [string | readonly string[], CliOptions?];
    if (typeof first === 'string') return cli.run(given as string[], { cwd: project });
    return cli.run(first, { cwd: project, ...options });
  };
  return { ...cli, project, run };
}

for (const [client, { user, project: projectFile, text }] of Object.entries(EXISTING)) {
  describe(`connect ${client}`, () => {
    for (const scope of ['user', 'project'] as const) {
      for (const http of [false, true]) {
        const args = ['connect', client, `--${scope}`, ...(http ? ['--http'] : []), '--yes'];

        it(`keeps the rest of the ${scope}'s file${http ? ', over HTTP' : ''}, and undoes byte for byte`, async () => {
          await using cli = await withProject();
          const path = scope === 'user' ? join(cli.home, user) : join(cli.project, projectFile);
          await put(path, text);
          const connected = await cli.run(...args);
          assert.equal(connected.code, 0, connected.stderr);
          const after = await readFile(path, 'utf8');
          assert.ok(after.includes('memory-central'));
          assert.ok(isSubsequence(wordsOf(text), wordsOf(after)), `${after}\nlost a word of\n${text}`);
          assert.equal((await cli.run(...args)).code, 0);
          assert.equal(await readFile(path, 'utf8'), after, 'a second time changes nothing');
          const removed = await cli.run('connect', client, `--${scope}`, '--remove', '--yes');
          assert.equal(removed.code, 0, removed.stderr);
          assert.equal(await readFile(path, 'utf8'), text);
        });
      }
    }

    it('makes a file where there is none, and takes it away again', async () => {
      await using cli = await withProject();
      const path = join(cli.home, user);
      assert.equal((await cli.run('connect', client, '--yes')).code, 0);
      assert.ok(existsSync(path));
      assert.equal((await cli.run('connect', client, '--remove', '--yes')).code, 0);
      assert.ok(!existsSync(path));
    });

    it('takes only its own part out of a file that was changed since', async () => {
      await using cli = await withProject();
      const path = join(cli.home, user);
      await put(path, text);
      await cli.run('connect', client, '--yes');
      const comment = client === 'codex' ? '\n# added later\n' : '\n\n';
      await writeFile(path, (await readFile(path, 'utf8')) + comment);
      assert.equal((await cli.run('connect', client, '--remove', '--yes')).code, 0);
      const left = await readFile(path, 'utf8');
      assert.ok(!left.includes('memory-central'));
      assert.ok(left.endsWith(comment));
      assert.ok(isSubsequence(wordsOf(text), wordsOf(left)));
    });

    it('refuses a file that does not parse, saying where, and leaves it alone', async () => {
      await using cli = await withProject();
      const path = join(cli.home, user);
      const broken = `${text}\n]=[`;
      await put(path, broken);
      const result = await cli.run('connect', client, '--yes');
      assert.equal(result.code, 2);
      assert.ok(result.stderr.includes(path));
      assert.match(result.stderr, /line \d+, column \d+/);
      assert.equal(await readFile(path, 'utf8'), broken);
    });

    it('starts a launcher that stays where it is and runs this program', async () => {
      await using cli = await withProject();
      await cli.run('connect', client, '--yes');
      const launcher = join(cli.data, 'bin', 'memory-central');
      assert.ok((await readFile(join(cli.home, user), 'utf8')).includes(launcher));
      const { stdout, status } = spawnSync(launcher, ['--version'], { encoding: 'utf8', env: {} });
      assert.deepEqual([status, stdout.trim()], [0, await packageVersion()]);
    });

    it('shows the change and writes nothing with --dry-run, nor without a yes', async () => {
      await using cli = await withProject();
      const path = join(cli.home, user);
      await put(path, text);
      const dry = await cli.run('connect', client, '--dry-run');
      assert.equal(dry.code, 0);
      assert.match(dry.stdout, /^\+.*memory-central/m);
      const asked = await cli.run('connect', client);
      assert.equal(asked.code, 2);
      assert.match(asked.stderr, /--yes/);
      assert.equal(await readFile(path, 'utf8'), text);
      assert.ok(!existsSync(cli.data));
    });
  });
}

describe('connect --http', () => {
  it('gives the token to nobody else: neither the terminal nor other users', async () => {
    await using cli = await withProject();
    const path = join(cli.home, '.cursor', 'mcp.json');
    await put(path, '{}');
    await chmod(path, 0o644);
    const { stdout, stderr } = await cli.run('connect', 'cursor', '--http', '--yes');
    const token = (await readFile(join(cli.data, 'http-token'), 'utf8')).trim();
    const { mcpServers } = JSON.parse(await readFile(path, 'utf8')) as {
      mcpServers: Record<string, { url: string; headers: Record<string, string> }>;
    };
    assert.deepEqual(mcpServers['memory-central'], {
      url: 'http://127.0.0.1:9000/mcp',
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.ok(!(stdout + stderr).includes(token));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('names the namespace of a project in the address', async () => {
    await using cli = await withProject();
    await cli.run('connect', 'codex', '--http', '--project', '--namespace', 'github.com/ada/shop', '--yes');
    const { mcp_servers } = parseToml(await readFile(join(cli.project, '.codex', 'config.toml'), 'utf8')) as {
      mcp_servers: Record<string, { url: string }>;
    };
    assert.equal(mcp_servers['memory-central']?.url, 'http://127.0.0.1:9000/mcp/github.com%2Fada%2Fshop');
  });
});

describe('connect --http, to a server whose settings differ', () => {
  it('refuses a port that is another one at each start', async () => {
    await using cli = await withProject();
    const options = { env: { MCP_PORT: '0' } };
    const { code, stderr } = await cli.run(['connect', 'cursor', '--http', '--yes'], options);
    assert.equal(code, 2);
    assert.match(stderr, /MCP_PORT is 0.*\n.*--url http:\/\/127\.0\.0\.1:<port>\/mcp/);
    assert.ok(!existsSync(join(cli.home, '.cursor', 'mcp.json')));
  });

  it('names an encrypted server as such', async () => {
    await using cli = await withProject();
    const options = { env: { MEMORY_TLS_CERT: '/tls/cert.pem', MEMORY_TLS_KEY: '/tls/key.pem' } };
    const { stdout } = await cli.run(['connect', 'cursor', '--http', '--dry-run'], options);
    assert.match(stdout, /"url": "https:\/\/127\.0\.0\.1:9000\/mcp"/);
  });
});

describe('connect --url', () => {
  const URL_OF = 'https://memory.lan:9000/mcp';

  it('writes address and token of a server elsewhere, and shows the token to nobody', async () => {
    await using cli = await withProject();
    await writeFile(join(cli.home, 'token'), 'mc_0123456789ab_secret\n');
    const args = ['--url', 'https://memory.lan:9000', '--token-file', join(cli.home, 'token'), '--yes'];
    const { code, stdout, stderr } = await cli.run('connect', 'cursor', ...args);
    assert.equal(code, 0, stderr);
    const path = join(cli.home, '.cursor', 'mcp.json');
    const { mcpServers } = JSON.parse(await readFile(path, 'utf8')) as Record<string, object>;
    const headers = { Authorization: 'Bearer mc_0123456789ab_secret' };
    assert.deepEqual(mcpServers, { 'memory-central': { url: URL_OF, headers } });
    assert.ok(!(stdout + stderr).includes('_secret'));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.match((await cli.run('doctor')).stdout, /✔ cursor +connected in .* with the server https:/);
    assert.equal((await cli.run('connect', 'cursor', '--remove', '--yes')).code, 0);
    assert.ok(!existsSync(path));
  });

  it('takes the token from stdin, and the namespace of the project', async () => {
    await using cli = await withProject();
    const args = [
      'connect',
      'codex',
      '--project',
      '--namespace',
      'shop',
      '--url',
      URL_OF,
      '--token-file',
      '-',
    ];
    await cli.run([...args, '--yes'], { input: 'mc_1\n' });
    const { mcp_servers } = parseToml(await readFile(join(cli.project, '.codex', 'config.toml'), 'utf8'));
    const expected = { url: `${URL_OF}/shop`, http_headers: { Authorization: 'Bearer mc_1' } };
    assert.deepEqual(JSON.parse(JSON.stringify(mcp_servers)), { 'memory-central': expected });
  });

  it('may name this machine, with a token that was made for the client', async () => {
    await using cli = await withProject();
    const token = writeToken('0123456789ab', 'x'.repeat(43));
    const args = ['connect', 'cursor', '--url', 'http://127.0.0.1:9000/mcp', '--token-file', '-', '--yes'];
    assert.equal((await cli.run(args, { input: token })).code, 0);
    assert.match((await cli.run('doctor')).stdout, /✔ cursor +connected in .* with a token of its own/);
    assert.equal((await cli.run(args, { input: 'another' })).code, 0);
    assert.doesNotMatch((await cli.run('doctor')).stdout, /✔ cursor/);
  });

  it('leaves it to the client to ask for a token where none is named', async () => {
    await using cli = await withProject();
    const { stdout } = await cli.run('connect', 'claude', '--url', URL_OF, '--yes');
    const { mcpServers } = JSON.parse(await readFile(join(cli.home, '.claude.json'), 'utf8'));
    assert.deepEqual(mcpServers, { 'memory-central': { type: 'http', url: URL_OF } });
    assert.match(stdout, /no token: the client asks the authorization server/);
  });

  it('says whether the server takes the token, and where all goes', async () => {
    await using cli = await withProject();
    await using server = await httpMemory({ token: 'mc_1' });
    const connect = (token: string, url = server.url, ...more: string[]) =>
      cli.run(['connect', 'cursor', '--url', url, '--token-file', '-', '--yes', ...more], {
        input: `${token}\n`,
      });
    const good = await connect('mc_1');
    assert.match(good.stdout, /Cursor is connected[\s\S]*server’s own namespace[\s\S]*The server answers\./);
    assert.equal(good.stderr, '');
    const named = await connect('mc_1', server.url, '--namespace', 'shop');
    assert.match(named.stdout, /The server answers\./);
    assert.doesNotMatch(named.stdout, /own namespace/);
    const wrong = await connect('mc_2');
    assert.match(wrong.stderr, /warning: .* does not take this token.*\n.*token create/);
    assert.equal(wrong.code, 0);
    const elsewhere = await connect('mc_1', `${new URL(server.url).origin}/other`);
    assert.match(elsewhere.stderr, /There is no MCP at/);
    const encrypted = await connect('mc_1', server.url.replace('http:', 'https:'));
    assert.match(encrypted.stderr, /speaks no TLS/);
    const none = await cli.run('connect', 'cursor', '--url', server.url, '--yes');
    assert.match(none.stderr, /wants a token, and names no authorization server/);
    await server[Symbol.asyncDispose]();
    assert.match((await connect('mc_1')).stderr, /is not listening there/);
  });

  it('warns of a token that the network can read', async () => {
    await using cli = await withProject();
    const { stdout } = await cli.run('connect', 'claude', '--url', 'http://memory.lan:9000/mcp', '--yes');
    assert.match(stdout, /better https/);
  });

  const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no address', ['--url', 'memory.lan'], /must be the address of a server/],
    ['another protocol', ['--url', 'file:///mcp'], /must be the address of a server/],
    ['a password in it', ['--url', 'https://a:b@memory.lan/mcp'], /must be the address of a server/],
    ['no such file', ['--url', URL_OF, '--token-file', 'nowhere'], /--token-file nowhere cannot be read/],
    ['a token without a server', ['--token-file', '-'], /there is no --url/],
    ['the plugin', ['--url', URL_OF, '--plugin'], /hooks of the plugin read the memory of this machine/],
  ];
  for (const [what, args, said] of WRONG)
    it(`refuses ${what}, and changes nothing`, async () => {
      await using cli = await withProject();
      const { code, stderr } = await cli.run('connect', 'claude', ...args, '--yes');
      assert.equal(code, 2, stderr);
      assert.match(stderr, said);
      assert.ok(!existsSync(join(cli.home, '.claude.json')));
    });

  it('refuses a file that holds more than a token', async () => {
    await using cli = await withProject();
    const args = ['connect', 'claude', '--url', URL_OF, '--token-file', '-', '--yes'];
    const { code, stderr } = await cli.run(args, { input: 'mc_1\nThe token of ci\n' });
    assert.equal(code, 2);
    assert.match(stderr, /stdin holds no token/);
  });
});

describe('connect --instructions', () => {
  it('adds the lines between markers, renews them, and takes them out', async () => {
    await using cli = await withProject();
    const path = join(cli.project, 'AGENTS.md');
    await put(path, '# Rules\n\nBe kind.');
    const args = ['--project', '--instructions', '--yes'];
    assert.equal((await cli.run('connect', 'codex', ...args)).code, 0);
    const first = await readFile(path, 'utf8');
    assert.match(
      first,
      /^# Rules\n\nBe kind\.\n\n<!-- memory-central:start -->\n[\s\S]*semantic_search[\s\S]*:end -->\n$/,
    );
    await writeFile(path, first.replace('semantic_search', 'outdated').replace('# Rules', '# Our rules'));
    assert.equal((await cli.run('connect', 'codex', ...args)).code, 0);
    assert.equal(await readFile(path, 'utf8'), first.replace('# Rules', '# Our rules'));
    assert.equal((await cli.run('connect', 'codex', '--project', '--remove', '--yes')).code, 0);
    assert.equal((await readFile(path, 'utf8')).trimEnd(), '# Our rules\n\nBe kind.');
  });

  it('keeps the lines for the other client that shares the file', async () => {
    await using cli = await withProject();
    const path = join(cli.project, 'AGENTS.md');
    for (const client of ['codex', 'opencode'])
      await cli.run('connect', client, '--project', '--instructions', '--yes');
    await cli.run('connect', 'codex', '--project', '--remove', '--yes');
    assert.ok(existsSync(path));
    await cli.run('connect', 'opencode', '--project', '--remove', '--yes');
    assert.ok(!existsSync(path));
  });

  it('refuses a file with half of the markers', async () => {
    await using cli = await withProject();
    await put(join(cli.project, 'GEMINI.md'), '<!-- memory-central:start -->\nlost\n');
    const result = await cli.run('connect', 'gemini', '--project', '--instructions', '--yes');
    assert.equal(result.code, 2);
    assert.ok(!existsSync(join(cli.project, '.gemini')), 'nothing is half done');
  });
});

describe('connect', () => {
  it('writes through a link and keeps it', async () => {
    await using cli = await withProject();
    const real = join(cli.home, 'dotfiles', 'cursor.json');
    const path = join(cli.home, '.cursor', 'mcp.json');
    await put(real, '{}\n');
    await mkdir(dirname(path));
    await symlink(real, path);
    await cli.run('connect', 'cursor', '--yes');
    assert.ok((await lstat(path)).isSymbolicLink());
    assert.ok((await readFile(real, 'utf8')).includes('memory-central'));
  });

  it('uses OpenCode’s new form where the file has it', async () => {
    await using cli = await withProject();
    const path = join(cli.project, 'opencode.jsonc');
    await put(path, '{ "mcp": { "servers": {} } } // v2\n');
    await cli.run('connect', 'opencode', '--project', '--yes');
    const text = await readFile(path, 'utf8');
    assert.match(text, /"servers": \{\s*"memory-central"/);
    assert.ok(!text.includes('enabled'));
  });

  it('gives back an entry that somebody had written by hand', async () => {
    await using cli = await withProject();
    const path = join(cli.home, '.cursor', 'mcp.json');
    await put(path, '{"mcpServers":{"memory-central":{"command":"mine"}}}');
    await cli.run('connect', 'cursor', '--yes');
    await writeFile(path, `${await readFile(path, 'utf8')}\n`);
    await cli.run('connect', 'cursor', '--remove', '--yes');
    assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), {
      mcpServers: { 'memory-central': { command: 'mine' } },
    });
  });

  it('refuses a table of Codex that it cannot edit safely', async () => {
    await using cli = await withProject();
    const path = join(cli.home, '.codex', 'config.toml');
    const text = 'mcp_servers = { memory-central = { command = "x" } }\n';
    await put(path, text);
    const result = await cli.run('connect', 'codex', '--yes');
    assert.equal(result.code, 2);
    assert.equal(await readFile(path, 'utf8'), text);
  });

  it('refuses what stands where the servers should', async () => {
    await using cli = await withProject();
    const path = join(cli.home, '.claude.json');
    for (const text of ['[]', '{"mcpServers":[]}', '"text"', 'null']) {
      await put(path, text);
      assert.equal((await cli.run('connect', 'claude', '--yes')).code, 2, text);
      assert.equal(await readFile(path, 'utf8'), text);
    }
  });
});

function wordsOf(text: string): string[] {
  return text.replace('\uFEFF', '').match(/\/\/.*|#.*|"(?:\\.|[^"\\])*"|[^\s{},:[\]"]+/g) ?? [];
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) if (line === part[at]) at++;
  return at === part.length;
}

async function packageVersion(): Promise<string> {
  return (JSON.parse(await readFile('package.json', 'utf8')) as { version: string }).version;
}

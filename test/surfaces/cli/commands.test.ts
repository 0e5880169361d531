import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtProgram } from '../../fixtures/builtPrograms.ts';
import { cliHome } from '../../fixtures/cli.ts';

const MODEL = { EMBEDDING_PROVIDER: 'local' };

type Hits = { id: string; content: string }[];

describe('the command line', () => {
  it('says that there was nothing to import', async () => {
    await using cli = await cliHome();
    await mkdir(join(cli.home, 'empty'));
    const { code, stdout } = await cli.run(['import', 'empty']);
    assert.deepEqual([code, stdout], [0, 'Nothing was found there that can be imported.\n']);
  });

  it('stores in one process and recalls in another', async () => {
    await using cli = await cliHome();
    const stored = await cli.json([
      'store',
      'Deploys',
      'happen on Fridays',
      '--tags',
      'deploy,ops',
      '--tags',
      'ci',
    ]);
    const { memories } = await cli.json(['recall', 'when', 'do', 'deploys', 'happen']);
    assert.deepEqual(
      (memories as Hits).map(hit => hit.id),
      [stored['id']],
    );
    const memory = await cli.json(['get', stored['id'] as string]);
    assert.equal(memory['content'], 'Deploys happen on Fridays');
    assert.deepEqual(memory['tags'], ['ci', 'deploy', 'ops']);
    assert.equal(memory['namespace'], 'shop');
  });

  it('recalls by meaning, and ends at once', async () => {
    await using cli = await cliHome();
    await cli.json(['store', 'The invoices are printed by the accountant'], { env: MODEL });
    const answer = await cli.json(['recall', 'who makes bills on paper'], { env: MODEL });
    assert.equal(answer['mode'], 'hybrid');
    assert.equal((answer['memories'] as Hits).length, 1);
    assert.equal((await cli.json(['status'], { env: MODEL }))['pending_embeddings'], 0);
  });

  it('says in its status that the model was not tried yet, rather than that it works', async () => {
    await using cli = await cliHome();
    assert.equal((await cli.json(['status'], { env: MODEL }))['model_tried'], false);
    assert.match((await cli.run(['status'], { env: MODEL })).stdout, /hybrid, all-MiniLM.* not tried yet/);
    assert.match((await cli.run(['memory-stats'], { env: MODEL })).stdout, /MiniLM.* \(not tried yet\)/);
    assert.match((await cli.run(['status'])).stdout, /lexical only: .*switched off/);
  });

  it('says in status and doctor that sensitive memories are there, but not their key', async () => {
    await using cli = await cliHome();
    await cli.json(['store', 'The vault code is 4711', '--sensitive']);
    assert.equal((await cli.json(['status']))['locked'], null);
    await rename(join(cli.data, 'encryption-key'), join(cli.data, 'elsewhere'));
    assert.equal((await cli.json(['list']))['total'], 0);
    for (const command of ['status', 'memory-stats', 'doctor']) {
      assert.match((await cli.run([command])).stdout, /Sensitive memories .* none here/, command);
    }
    const refused = await cli.run(['store', 'Another code', '--sensitive']);
    assert.match(refused.stderr, /Nothing was stored/);
    await cli.json(['store', 'Nothing secret']);
    await rename(join(cli.data, 'elsewhere'), join(cli.data, 'encryption-key'));
    assert.equal((await cli.json(['list']))['total'], 2);
  });

  it('says what is not yet found by meaning', async () => {
    await using cli = await cliHome();
    const file = join(cli.home, 'notes.jsonl');
    const note = (i: number) =>
      JSON.stringify({ type: 'entity', name: `note ${i}`, observations: [`Shelf ${i} holds blue paper.`] });
    await writeFile(file, Array.from({ length: 2000 }, (_, i) => note(i)).join('\n'));
    const waiting = /memories are found by words only until embedded/;
    assert.match((await cli.run(['import', 'mcp-memory', file], { env: MODEL })).stderr, waiting);
    assert.match((await cli.run(['recall', 'stationery'], { env: MODEL })).stderr, waiting);
  });

  it('stores what is piped in, unchanged but for the last newline', async () => {
    await using cli = await cliHome();
    const text = 'First line\n\n  indented → ünïcödé 🙂\n';
    for (const args of [['store'], ['store', '-', '--namespace', 'other']]) {
      const { id } = await cli.json(args, { input: text });
      assert.equal((await cli.json(['get', id as string]))['content'], text.slice(0, -1));
    }
  });

  it('offers every tool by its own name, in both spellings, with its fields as flags', async () => {
    await using cli = await cliHome();
    const { id } = await cli.json([
      'store-memory',
      ...['--content', 'Tabs, not spaces', '--memory-type', 'code', '--no-pinned'],
      ...[
        '--metadata',
        '{"by":{"name":"ada"}}',
        '--anchors',
        '[{"path":"Makefile","startLine":3}]',
        '--trust',
        '0.9',
      ],
    ]);
    const memory = await cli.json(['retrieve_memory', '--memory_id', id as string]);
    assert.equal(memory['memory_type'], 'code');
    assert.deepEqual(memory['metadata'], { by: { name: 'ada' } });
    assert.deepEqual(memory['anchors'], [{ path: 'Makefile', startLine: 3 }]);
    assert.equal(memory['trust'], 0.9);
    assert.equal(memory['pinned'], false);
  });

  it('reads a whole input from stdin, over which flags win', async () => {
    await using cli = await cliHome();
    const input = JSON.stringify({ content: 'From a script', priority: 'low', tags: ['a'] });
    const { id } = await cli.json(['store_memory', '--input', '-', '--priority', 'high'], { input });
    const memory = await cli.json(['get', id as string]);
    assert.deepEqual(
      [memory['content'], memory['priority'], memory['tags']],
      ['From a script', 'high', ['a']],
    );
  });

  it('keeps namespaces, agents and stores apart by global options', async () => {
    await using cli = await cliHome();
    const other = join(cli.home, 'other.db');
    await cli.json(['--namespace', 'billing', '--agent', 'nightly', 'store', 'Invoices close at midnight']);
    await cli.json(['--database', other, 'store', 'Kept elsewhere']);
    const list = async (...args: string[]) =>
      ((await cli.json(['list', ...args]))['memories'] as { content: string; agent_id: string }[]).map(
        memory => `${memory.agent_id}: ${memory.content}`,
      );
    assert.deepEqual(await list(), []);
    assert.deepEqual(await list('--namespace', 'shop,billing'), ['nightly: Invoices close at midnight']);
    assert.deepEqual(await list('--database', other), ['cli: Kept elsewhere']);
  });

  it('forgets only with consent, and takes it back', async () => {
    await using cli = await cliHome();
    const { id } = await cli.json(['store', 'Soon forgotten']);
    const refused = await cli.run(['forget', id as string]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--yes/);
    assert.equal((await cli.json(['forget', id as string, '--dry-run']))['deleted'], 0);
    assert.equal((await cli.json(['list']))['total'], 1);
    const { operation_ids } = await cli.json(['forget', id as string, '--yes']);
    assert.equal((await cli.run(['get', id as string])).code, 3);
    await cli.json(['undo', (operation_ids as string[])[0]!]);
    assert.equal((await cli.json(['get', id as string]))['content'], 'Soon forgotten');
  });

  it('forgets nothing when one of the ids is unknown', async () => {
    await using cli = await cliHome();
    const { id } = await cli.json(['store', 'Still here']);
    assert.equal((await cli.run(['forget', id as string, 'unknown', '--yes'])).code, 3);
    assert.equal((await cli.json(['list']))['total'], 1);
  });

  it('edits in the editor of the user, keeping the version before', async () => {
    await using cli = await cliHome();
    const editor = join(cli.home, 'my editor.sh');
    await writeFile(editor, '#!/bin/sh\n[ "$1" = --wait ] && sed -i s/Friday/Monday/ "$2"\n');
    await chmod(editor, 0o755);
    const { id } = await cli.json(['store', "Friday's deploys"]);
    const env = { EDITOR: `'${editor}' --wait` };
    assert.equal((await cli.json(['edit', id as string], { env }))['version'], 2);
    assert.equal((await cli.json(['get', id as string]))['content'], "Monday's deploys");
    assert.equal((await cli.json(['edit', id as string], { env }))['changed'], false);
    const { versions } = await cli.json(['history', id as string]);
    assert.deepEqual(
      (versions as { content: string }[]).map(version => version.content),
      ["Friday's deploys"],
    );
  });

  it('changes nothing when the editor fails', async () => {
    await using cli = await cliHome();
    const { id } = await cli.json(['store', 'Unchanged']);
    assert.equal((await cli.run(['edit', id as string], { env: { EDITOR: 'false' } })).code, 130);
    assert.equal((await cli.json(['get', id as string]))['version'], 1);
  });

  it('prints ids only with --quiet, and no colours where nobody sees them', async () => {
    await using cli = await cliHome();
    const { stdout: id } = await cli.run(['-q', 'store', 'Quiet']);
    assert.match(id, /^[0-9a-f-]{36}\n$/);
    assert.equal((await cli.run(['recall', 'quiet', '--quiet'])).stdout, id);
    const { stdout, stderr } = await cli.run(['list']);
    assert.ok(stdout.includes('Quiet'));
    assert.ok(!(stdout + stderr).includes('\x1b'));
  });

  it('shows stored control characters to nobody’s terminal', async () => {
    await using cli = await cliHome();
    const { id } = await cli.json(['store', '-'], { input: 'Red \x1b[31malert\x1b[0m' });
    for (const args of [['list'], ['recall', 'alert'], ['get', id as string]])
      assert.ok(!(await cli.run(args)).stdout.includes('\x1b'));
  });

  it('completes commands, flags and values, and the scripts ask for them', async () => {
    await using cli = await cliHome();
    const words = async (...typed: string[]) =>
      (await cli.run(['__complete', ...typed])).stdout
        .split('\n')
        .filter(Boolean)
        .map(line => line.split('\t')[0]);
    assert.deepEqual(await words('rec'), ['recall']);
    assert.ok((await words('recall', '--li')).includes('--limit'));
    assert.deepEqual(await words('store', '--priority', 'h'), ['high']);
    assert.ok((await words('connect', '')).includes('claude'));
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const { code, stdout } = await cli.run(['completion', shell]);
      assert.equal(code, 0);
      assert.match(stdout, /memory-central __complete/);
    }
  });

  it('says what to type when a word is missing, and what to do in commands rather than tools', async () => {
    await using cli = await cliHome();
    for (const [command, word] of [
      ['get', 'id'],
      ['undo', 'operation'],
      ['recall', 'words'],
      ['store', 'text'],
    ] as const) {
      const { code, stderr } = await cli.run([command]);
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(`^error: <${word}> is missing: .*\\nType: memory-central ${command} <${word}>`),
      );
    }
    const wrong = await cli.run(['store', 'x', '--priority', 'urgent']);
    assert.match(wrong.stderr, /\nSee memory-central store --help\.$/m);
    const underTheToolsName = await cli.run(['list_jobs', '--nonsense']);
    assert.match(underTheToolsName.stderr, /\nSee memory-central list-jobs --help\.$/m);
    assert.match((await cli.run(['serve', '--help'])).stdout, /--port <number>/);
    const unknown = await cli.run(['get', 'abc']);
    assert.equal(unknown.code, 3);
    assert.match(unknown.stderr, /Search with memory-central recall, or list with memory-central list,/);
  });

  it('explains every option in its help, those of every command too', async () => {
    await using cli = await cliHome();
    for (const command of ['store', 'recall', 'get', 'list', 'import', 'update-memory']) {
      const { stdout } = await cli.run([command, '--help']);
      assert.doesNotMatch(stdout, /^ {2}(-\w, )?--[\w-]+( <\w+>)?$/m, command);
      assert.match(stdout, /Options of every command:[\s\S]*--namespace <name>/);
    }
  });

  it('answers --help with the exit codes, and --version, in cli.js alone', async () => {
    await using cli = await cliHome();
    const help = await cli.run(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /130 {2}cancelled/);
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    assert.deepEqual(await cli.run(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
    assert.ok(
      (await readFile('dist/cli.js', 'utf8')).length < 5000,
      'the MCP server waits for all that cli.js loads',
    );
  });
});

describe('memory-central mcp and serve', () => {
  it('start their programs with the global options', async () => {
    await using cli = await cliHome();
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: {
          protocolVersion: '2025-11-25',
          capabilities: {},
          clientInfo: { name: 'test', version: '1' },
        },
      },
      { method: 'notifications/initialized' },
      {
        id: 2,
        method: 'tools/call',
        params: { name: 'store_memory', arguments: { content: 'Through MCP' } },
      },
    ];
    const { stdout } = await cli.run(['mcp', '--namespace', 'elsewhere'], {
      onStart: child => {
        for (const message of messages)
          child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
        child.stdout?.on('data', (text: string) => {
          if (text.includes('"id":2')) child.stdin?.end();
        });
      },
    });
    assert.match(stdout, /Stored .* in elsewhere/);
    assert.equal((await cli.json(['list', '--namespace', 'elsewhere']))['total'], 1);
  });

  it('serves until it is told to stop', async () => {
    await using cli = await cliHome();
    const { code, stderr } = await cli.run(['serve', '--port', '0'], {
      onStart: child => child.stderr?.once('data', () => child.kill('SIGTERM')),
    });
    assert.match(stderr, /http:\/\/127\.0\.0\.1:\d+\/mcp/);
    assert.match(stderr, /REST is at http:\/\/127\.0\.0\.1:\d+,/);
    assert.equal(code, 0);
  });

  it('says what the stdio server waits for when a person starts it, and not to a client', async () => {
    await using cli = await cliHome();
    const atTerminal = 'import pty, sys; pty.spawn(sys.argv[1:], stdin_read=lambda _: b"\\x04")';
    const started = promisify(execFile)(
      'python3',
      ['-c', atTerminal, process.execPath, await builtProgram('cli'), 'mcp'],
      { env: { ...process.env, MEMORY_CENTRAL_HOME: cli.data }, timeout: 20_000 },
    );
    started.child.stdin?.end();
    const { stdout } = await started;
    assert.match(stdout, /^Speaks MCP on stdin and stdout, until Ctrl-D\..* memory-central connect\r\n/m);
    assert.deepEqual(await cli.run(['mcp']), { code: 0, stdout: '', stderr: '' });
  });
});

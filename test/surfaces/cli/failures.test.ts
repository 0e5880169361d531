import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtProgram } from '../../fixtures/builtPrograms.ts';
import { cliHome } from '../../fixtures/cli.ts';

/** What a script sees of a failure. */
type Failure = { error: { code: string; message: string; fix: string } };

describe('the command line says what went wrong', () => {
  const cases: [what: string, args: string[], exit: number, code: string, says: RegExp][] = [
    ['an unknown command', ['remember'], 2, 'invalid_input', /remember/],
    ['an unknown flag', ['recall', 'x', '--fuzzy'], 2, 'invalid_input', /--fuzzy/],
    ['no query', ['recall'], 2, 'invalid_input', /<words>/],
    ['a word for a number', ['recall', 'x', '--limit', 'many'], 2, 'invalid_input', /number/],
    ['a number out of range', ['recall', 'x', '--limit', '1000'], 2, 'invalid_input', /limit/],
    [
      'a value that is none of the choices',
      ['store', 'x', '--priority', 'urgent'],
      2,
      'invalid_input',
      /priority/,
    ],
    ['broken JSON in a flag', ['store', 'x', '--metadata', '{a:1}'], 2, 'invalid_input', /JSON/],
    ['a missing input file', ['store', '--input', 'missing.json'], 2, 'invalid_input', /missing\.json/],
    ['a NUL', ['store', '--input', '-'], 2, 'invalid_input', /NUL/],
    ['an unknown id', ['get', 'nothing'], 3, 'not_found', /nothing/],
    ['an unknown operation', ['undo', 'nothing'], 3, 'not_found', /nothing/],
    ['an unknown path to import', ['import', './nowhere'], 3, 'not_found', /nowhere/],
    ['an unknown client', ['connect', 'emacs', '--yes'], 2, 'invalid_input', /emacs/],
    ['a namespace of odd characters', ['list', '--namespace', 'a\nb'], 2, 'invalid_input', /namespace/],
    ['a server as database', ['list', '--database', 'postgres://db'], 2, 'invalid_input', /DATABASE_URL/],
  ];
  for (const [what, args, exit, code, says] of cases) {
    it(`about ${what}`, async () => {
      await using cli = await cliHome();
      const input = JSON.stringify({ content: 'a\0b' });
      const machine = await cli.run([...args, '--json'], { input });
      const { error } = JSON.parse(machine.stderr) as Failure;
      assert.deepEqual([machine.code, error.code, machine.stdout], [exit, code, '']);
      assert.match(`${error.message} ${error.fix}`, says);
      assert.notEqual(error.fix, '');
      const person = await cli.run(args, { input });
      assert.equal(person.code, exit);
      assert.match(person.stderr, /^error: /);
      assert.ok(!person.stderr.includes('    at '), 'no stack for a person');
    });
  }

  it('in the words of the command line, naming what is allowed and where to read on', async () => {
    await using cli = await cliHome();
    for (const [args, says] of [
      [
        ['list', '--limit', 'x'],
        '--limit must be a number, not "x".\nGive it in digits, such as --limit 10.',
      ],
      [
        ['list', '--limit', '1.5'],
        '--limit must be a whole number, not 1.5.\nSee memory-central list --help.',
      ],
      [
        ['store-memory', '--priority', 'urgent'],
        '--content is missing (it must be a text); --priority must be one of critical, high, medium, low, archive, not "urgent". Nothing was changed.\nSee memory-central store-memory --help.',
      ],
      [
        ['recall', 'x'.repeat(4001)],
        '<words> must have at most 4000 characters, not 4001.\nSee memory-central recall --help.',
      ],
      [
        ['store', 'x', '--tags', `a,${'b'.repeat(101)}`],
        'entry 2 of --tags must have at most 100 characters, not 101. Nothing was changed.\nSee memory-central store --help.',
      ],
      [
        ['import', '.', '--max', 'x'],
        '--max must be a number, not "x".\nGive it in digits, such as --max 10.',
      ],
      [['forget'], '<ids> is missing.\nSee memory-central forget --help.'],
    ] as const) {
      const { stderr } = await cli.run(args);
      assert.equal(stderr, `error: ${says}\n`);
    }
  });

  it('about content that is too long, and stores nothing', async () => {
    await using cli = await cliHome();
    const result = await cli.run(['store'], { input: 'x'.repeat(100_001) });
    assert.equal(result.code, 2);
    assert.equal((await cli.json(['list']))['total'], 0);
  });

  it('about an outdated version with 4', async () => {
    await using cli = await cliHome();
    const { id } = await cli.json(['store', 'First']);
    const update = ['update-memory', '--memory-id', id as string, '--expected-version', '1', '--content'];
    await cli.json([...update, 'Second']);
    assert.equal((await cli.run([...update, 'Third'])).code, 4);
  });

  it('about text that is not UTF-8, and stores nothing', async () => {
    await using cli = await cliHome();
    const latin = Buffer.from('{"content":"caf\u00e9"}', 'latin1');
    await writeFile(join(cli.home, 'latin.json'), latin);
    for (const args of [
      ['store', '-'],
      ['store', '--input', '-'],
      ['store', '--input', 'latin.json'],
    ]) {
      const result = await cli.run(args, { input: latin });
      assert.equal(result.code, 2);
      assert.match(result.stderr, /no UTF-8 text/);
    }
    assert.equal((await cli.json(['list']))['total'], 0);
  });

  it('about settings and a token that cannot be read', async () => {
    await using cli = await cliHome();
    await mkdir(join(cli.data, '.env'), { recursive: true });
    const settings = await cli.run(['list']);
    assert.equal(settings.code, 5);
    assert.match(settings.stderr, /settings of .*\.env/);
    await rm(join(cli.data, '.env'), { recursive: true });
    await mkdir(join(cli.data, 'http-token'));
    const token = await cli.run(['serve', '--port', '0']);
    assert.equal(token.code, 5);
    assert.match(token.stderr, /http-token/);
  });

  it('about a server that cannot be started as it was asked', async () => {
    await using cli = await cliHome();
    for (const [args, words] of [
      [['--port', 'abc'], /^error: --port must be a whole number from 0 to 65535, not "abc"\.\nGive one /],
      [['--port', '65536'], /^error: --port must be .*, not "65536"\.\n/],
      [['--prot', '1'], /^error: Unknown option '--prot'.*\.\nserve takes --host address, /],
    ] as const) {
      const { code, stdout, stderr } = await cli.run(['serve', ...args]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, words);
    }
  });

  it('about a working directory that is gone', async () => {
    await using cli = await cliHome();
    const gone = join(cli.home, 'gone');
    await mkdir(gone);
    const program = await builtProgram('cli');
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', 'cd "$1" && rmdir "$1" && exec "$2" "$3" list', 'sh', gone, process.execPath, program],
      { encoding: 'utf8' },
    );
    assert.equal(status, 5);
    assert.match(stderr, /^error: The working directory is gone/);
  });

  it('about an answer that could not be written', async () => {
    if (!existsSync('/dev/full')) return;
    await using cli = await cliHome();
    const program = await builtProgram('cli');
    for (const args of [['list'], ['export', '-']]) {
      const { status, stderr } = spawnSync(
        '/bin/sh',
        ['-c', '"$@" > /dev/full', 'sh', process.execPath, program, ...args],
        {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], HOME: cli.home, MEMORY_CENTRAL_HOME: cli.data },
        },
      );
      assert.equal(status, 5, args[0]);
      assert.match(stderr, /could not be written/);
    }
  });

  it('about a named store that is not there, and makes none by reading', async () => {
    await using cli = await cliHome();
    const folder = join(cli.home, 'new');
    const database = join(folder, 'x.db');
    for (const args of [
      ['list'],
      ['recall', 'x'],
      ['get', 'x'],
      ['memory-stats'],
      ['status'],
      ['export'],
      ['export', 'all.jsonl'],
      ['forget', 'x', '--yes'],
      ['edit', 'x'],
    ]) {
      const { code, stderr } = await cli.run([...args, '--database', database]);
      assert.deepEqual([code, stderr.split('\n')[0]], [3, `error: There is no memory at ${database} yet.`]);
    }
    const doctor = await cli.run(['doctor', '--database', `file:${database}`]);
    assert.match(doctor.stdout, /! store .*There is no memory at/);
    assert.equal(existsSync(folder), false);
    await cli.json(['store', 'Makes it', '--database', database]);
    assert.equal((await cli.json(['list', '--database', database]))['total'], 1);
  });

  it('about a store that cannot be used with 5', async () => {
    await using cli = await cliHome();
    await mkdir(cli.data);
    await writeFile(join(cli.data, 'memory.db'), 'This is no database. '.repeat(500));
    const result = await cli.run(['list']);
    assert.equal(result.code, 5);
    assert.match(result.stderr, /memory\.db/);
  });

  it('about an invalid setting, naming it', async () => {
    await using cli = await cliHome();
    const result = await cli.run(['list'], { env: { MCP_PORT: 'all' } });
    assert.equal(result.code, 2);
    assert.match(result.stderr, /mcp\.port/);
  });

  it('when it is interrupted, with 130', async () => {
    await using cli = await cliHome();
    const result = await cli.run(['store', '-'], {
      onStart: child => {
        setTimeout(() => child.kill('SIGINT'), 700);
      },
    });
    assert.equal(result.code, 130);
    assert.match(result.stderr, /stopped/);
  });

  it('not at all when the reader has enough', async () => {
    await using cli = await cliHome();
    for (const text of ['one', 'two']) await cli.json(['store', text]);
    const result = await cli.run(['export'], {
      input: '',
      onStart: child => child.stdout?.destroy(),
    });
    assert.deepEqual([result.code, result.stderr], [0, '']);
  });
});

describe('a project that somebody else wrote', () => {
  it('decides its namespace, and nothing that could lead memories away', async () => {
    await using cli = await cliHome();
    const env = { MEMORY_NAMESPACE: '' };
    await writeFile(
      join(cli.home, '.env'),
      'DATABASE_URL=postgres://db/app\nEMBEDDING_PROVIDER=openai\nOPENAI_BASE_URL=http://127.0.0.1:9\n',
    );
    await writeFile(
      join(cli.home, 'memory-central.toml'),
      'namespace = "theirs"\n[embedding]\nprovider = "openai"\nbaseUrl = "http://127.0.0.1:9"\nmodel = "x"\n[database]\nurl = "file:theirs.db"\n',
    );
    await cli.json(['store', 'Stays here'], { env });
    const status = await cli.json(['status'], { env });
    assert.equal(status['namespace'], 'theirs');
    assert.equal(status['embedding_model'], null);
    assert.equal((status['store'] as { location: string }).location, join(cli.data, 'memory.db'));
  });
});

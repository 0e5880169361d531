import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cliHome } from '../../fixtures/cli.ts';

type Cli = Awaited<ReturnType<typeof cliHome>>;
type Rows = Record<string, unknown>[];

async function said(cli: Cli, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args);
  assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

describe('tasks under short names', function () {
  this.timeout(120_000);

  it('are claimed, noted and ended by their ids alone', async () => {
    await using cli = await cliHome();
    await said(cli, 'submit', 'Write the notes', '--task-id', 'notes');
    const before = Date.now();
    const claimed = await cli.json(['claim', 'notes']);
    const [task] = claimed['tasks'] as Rows;
    const until = Date.parse(String(task?.['lease_until']));
    assert.ok(until - before >= 1_790_000, `${until - before} ms`);
    assert.match(
      await said(cli, 'note', 'notes', 'half', 'of them', '--progress', '50'),
      /^notes \[leased, medium, 50 % by /,
    );
    assert.match(await said(cli, 'tasks', 'notes'), /\n {2}last note: half of them\n/);
    const { tasks } = await cli.json(['tasks', 'notes']);
    assert.ok(Date.parse(String((tasks as Rows)[0]?.['lease_until'])) > until, 'a note renews the lease');
    assert.match(await said(cli, 'complete', 'notes', 'two', 'pages'), /^notes \[completed/);
    assert.match(await said(cli, 'tasks', 'notes'), /\n {2}result: {"summary":"two pages"}\n/);
    assert.match(await said(cli, 'complete', 'notes', 'two', 'pages'), /^notes \[completed/);
    const late = await cli.run(['fail', 'notes', 'no']);
    assert.deepEqual([late.code, late.stdout], [4, '']);
    assert.match(late.stderr, /The lease of task notes has ended: the task is completed\./);
  });

  it('are counted in the status, with who is here', async () => {
    await using cli = await cliHome();
    assert.doesNotMatch(await said(cli, 'status'), /^work /m);
    for (const id of ['one', 'two', 'three']) await said(cli, 'submit', 'Do it', '--task-id', id);
    await said(cli, 'claim', 'one');
    assert.match(await said(cli, 'status'), /^work +2 tasks waiting, 1 task being done, 1 agent online$/m);
    assert.deepEqual((await cli.json(['status']))['work'], { waiting: 2, leased: 1, agents_online: 1 });
  });

  it('say what to type where one has not said that one can do it', async () => {
    await using cli = await cliHome();
    await said(cli, 'submit', 'Draw it', '--task-id', 'draw', '--required-capabilities', 'gpu');
    const text = await said(cli, 'claim', 'draw');
    const [, typed] =
      /\n- draw: needs gpu; .* memory-central (register-agent --capabilities)\n$/.exec(text) ?? [];
    await said(cli, ...typed!.split(' '), 'gpu');
    assert.match(await said(cli, 'claim', 'draw'), /^Leased to /);
  });

  it('take a result as JSON, too, and say where that is none', async () => {
    await using cli = await cliHome();
    await said(cli, 'submit', 'Fix it', '--task-id', 'fix');
    await said(cli, 'claim');
    const wrong = await cli.run(['complete', 'fix', '{"commit":']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /<result> begins as JSON and is none: .*\nQuote it whole/);
    await said(cli, 'complete', 'fix', '{"commit":"4f1c2e0"}');
    const { tasks } = await cli.json(['tasks', 'fix']);
    assert.deepEqual((tasks as Rows)[0]?.['result'], { commit: '4f1c2e0' });
  });

  it('are asked about, answered, given back, failed, cancelled and tried again', async () => {
    await using cli = await cliHome();
    await said(cli, 'submit', 'Deploy', '--task-id', 'deploy', '--max-retries', '0');
    await said(cli, 'claim', 'deploy');
    assert.match(
      await said(cli, 'ask', 'deploy', 'which branch?'),
      /; waits for an answer: which branch\?\n/,
    );
    assert.match(await said(cli, 'answer', 'deploy', 'main'), /^deploy \[ready/);
    await said(cli, 'claim', 'deploy');
    assert.match(await said(cli, 'release', 'deploy', 'not', 'today'), /^deploy \[ready/);
    await said(cli, 'claim', 'deploy');
    assert.match(
      await said(cli, 'fail', 'deploy', 'no', 'key'),
      /^deploy \[dead, medium\] Deploy; .*no key\n$/,
    );
    assert.match(await said(cli, 'requeue', 'deploy'), /^deploy \[ready/);
    assert.match(
      await said(cli, 'cancel', 'deploy', 'nobody', 'wants it'),
      /^deploy \[cancelled, medium\] Deploy; nobody wants it\n$/,
    );
  });

  it('belong to the shell that claimed them', async () => {
    await using cli = await cliHome();
    await said(cli, 'submit', 'Fix it', '--task-id', 'fix');
    await said(cli, 'claim');
    const [name, ...others] = await readdir(join(cli.data, 'claimed'));
    assert.deepEqual(others, []);
    const { mode } = await stat(join(cli.data, 'claimed', String(name)));
    if (process.platform !== 'win32') assert.equal(mode & 0o777, 0o600);
    const elsewhere = await cli.inAnotherShell(['complete', 'fix']);
    assert.deepEqual([elsewhere.code, elsewhere.stdout], [4, '']);
    assert.match(
      elsewhere.stderr,
      /This session does not hold the task "fix"\.\nClaim it with memory-central claim, or/,
    );
    assert.match(await said(cli, 'complete', 'fix'), /^fix \[completed/);
  });

  it('are kept by what takes work over, too', async () => {
    await using cli = await cliHome();
    await said(cli, 'submit', 'Fix it', '--task-id', 'fix');
    const { agent_id: ann } = await cli.json(['--agent', 'ann', 'claim']);
    assert.match(await said(cli, '--agent', 'bob', 'handoff', String(ann), '--take'), /\nNow yours: fix /);
    assert.match(await said(cli, '--agent', 'bob', 'complete', 'fix'), /^fix \[completed/);
  });

  it('name what is missing, with what to type', async () => {
    await using cli = await cliHome();
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['note', 'x'], /<text> is missing: .*\nType: memory-central note <id> <text>$/m],
      [['complete'], /<id> is missing: .*\nType: memory-central complete <id>$/m],
      [['fail', 'x'], /<why> is missing: .*\nType: memory-central fail <id> <why>$/m],
      [['ask', 'x'], /<question> is missing/],
      [['answer', 'x'], /<text> is missing/],
      [['tell'], /<to> is missing: .*\nType: memory-central tell <to> <words>$/m],
      [['tell', 'claude'], /<words> is missing/],
      [['search', 'x'], /Unknown command 'search'\n\(Did you mean recall\?\)/],
      [
        ['help', 'done'],
        /^error: Unknown command 'done'\n\(Did you mean complete\?\)\nSee memory-central --help\.\n$/,
      ],
      [['connect', 'claud'], /<client> must be one of claude, .*, not "claud"\./],
    ];
    for (const [args, words] of cases) {
      const refused = await cli.run(args);
      assert.deepEqual([refused.code, refused.stdout], [2, ''], args.join(' '));
      assert.match(refused.stderr, words);
    }
  });

  it('take messages and files as plain words', async () => {
    await using cli = await cliHome();
    assert.match(
      await said(cli, '--agent', 'ann', 'tell', '*', 'the', 'build is red'),
      /^Shared \S+ with all\.\n$/,
    );
    assert.match(await said(cli, '--agent', 'bob', 'messages'), /\n> the build is red\n$/);
    assert.match(
      await said(cli, 'claim-files', 'src/**', 'a.md,b.md'),
      /^Claimed src\/\*\*, a\.md, b\.md by /,
    );
  });
});

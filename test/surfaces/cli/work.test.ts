import assert from 'node:assert/strict';
import { cliHome } from '../../fixtures/cli.ts';
import { startRedis } from '../../fixtures/redis.ts';

type Rows = Record<string, unknown>[];

describe('work that agents share, on the command line', function () {
  this.timeout(120_000);

  it('goes from who submits it to who does it, and the result back', async () => {
    await using cli = await cliHome();
    const submitted = await cli.run(['submit', 'Write', 'the', 'notes', '--task-id', 'notes']);
    assert.equal(
      submitted.stdout,
      'Queued: notes [ready, medium] Write the notes; no agent has asked for it yet\n',
    );
    await cli.run(['submit', 'Send them', '--task-id', 'send', '--depends-on', 'notes']);
    assert.equal((await cli.run(['tasks', '--quiet'])).stdout, 'send\nnotes\n');
    const ann = ['--agent', 'ann'];
    const [task] = (await cli.json([...ann, 'get-pending-tasks', '--claim']))['tasks'] as Rows;
    assert.match(
      (await cli.run(['tasks'])).stdout,
      /^notes \[leased, medium by ann-\w{4}\] Write the notes$/m,
    );
    const proof = ['--task-id', 'notes', '--fence', '1', '--lease-id', String(task?.['lease_id'])];
    const worked = [...ann, 'update-task', ...proof, '--progress', '50', '--note', 'half of them'];
    assert.equal((await cli.run(worked)).code, 0);
    await cli.run([
      ...ann,
      'complete_task',
      ...proof,
      '--result',
      '{"pages":2}',
      '--metrics',
      '{"tokens":9}',
    ]);
    const { stdout } = await cli.run(['tasks', 'notes', '--history']);
    assert.match(
      stdout,
      /^notes \[completed, medium\] Write the notes\n {2}last note: half of them\n {2}result: {"pages":2}\n/,
    );
    assert.match(stdout, /\n {2}\S+Z complete: leased to completed by ann-\w{4}\n$/);
    assert.match(
      (await cli.run(['agents'])).stdout,
      /^ann-\w{4} \(ann \(Command line on .*\)\): online, idle$/m,
    );
    assert.match((await cli.run(['task-stats'])).stdout, /^completed 1, 100 %/m);
  });

  it('names the command that completes what was claimed', async () => {
    await using cli = await cliHome();
    await cli.run(['submit', 'Migrate', '--task-id', 'the migration']);
    const waiting = await cli.run(['get-pending-tasks']);
    assert.match(waiting.stdout, /^\* can be claimed now: memory-central claim\.$/m);
    const { stdout } = await cli.run(['--agent', 'ann', 'get-pending-tasks', '--claim']);
    assert.match(stdout, /\n {2}leased until \S+Z; each memory-central note makes it longer\n/);
    assert.match(stdout, /\n {2}memory-central complete 'the migration'\n/);
    const typed = /^ {2}memory-central (complete 'the migration' --fence 1 --lease-id .*)$/m;
    const words = typed.exec(stdout)?.[1]?.match(/'[^']*'|\S+/g) ?? [];
    const completed = await cli.run(words.map(word => word.replaceAll("'", '')));
    assert.equal(completed.stdout, 'the migration [completed, medium] Migrate\n');
    const nothing = await cli.run(['get-pending-tasks', '--claim', 'the migration']);
    assert.match(nothing.stdout, /:\n- the migration: is completed\n$/);
  });

  it('says what went wrong in the words of a person, with exit codes for scripts', async () => {
    await using cli = await cliHome();
    await cli.run(['submit', 'Quick', '--task-id', 'quick']);
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['submit'], 2, /<title> is missing.*\nType: memory-central submit <title>/],
      [['submit', 'x', '--priority', 'urgent'], 2, /--priority must be one of critical/],
      [['tasks', 'nine'], 3, /no task "nine" in .*\.\nUse memory-central tasks/],
      [
        ['complete-task', '--task-id', 'quick'],
        4,
        /Claim it with memory-central claim, or give --fence and --lease-id as/,
      ],
      [['complete-task', '--task-id', 'quick', '--result', 'done'], 2, /--result must be JSON/],
      [['update-task', '--task-id', 'quick', '--cancel', '--requeue'], 2, /cancel and requeue do not go/],
      [['purge-tasks'], 2, /does not come back.*\n.*call again with --confirm/],
      [['handoff', '--from-agent', 'nobody'], 3, /Nobody called "nobody" has worked in shop/],
      [['claim-files', '--claim-id', 'x'], 2, /The fence of the claim is missing/],
      [['unregister-agent', '--agent-id', 'nobody'], 3, /memory-central agents/],
    ];
    for (const [args, code, words] of cases) {
      const refused = await cli.run(args);
      assert.deepEqual([refused.code, refused.stdout], [code, ''], args.join(' '));
      assert.match(refused.stderr, words);
    }
    assert.match((await cli.run(['tasks'])).stdout, /^quick \[ready/);
  });

  it('goes between two machines, with messages and claims on files', async () => {
    await using redis = await startRedis();
    await using laptop = await cliHome();
    await using desk = await cliHome();
    const env = { REDIS_URL: redis.url };
    await laptop.json(['submit', 'Build it', '--task-id', 'build', '--required-capabilities', 'gpu'], {
      env,
    });
    assert.match((await desk.run(['tasks'], { env })).stdout, /no agent with capability gpu$/m);
    const desks = ['--agent', 'desk'];
    await desk.json([...desks, 'register-agent', '--capabilities', 'gpu,rust'], { env });
    const claimed = await desk.json([...desks, 'get-pending-tasks', '--claim', '--wait-seconds', '20'], {
      env,
    });
    assert.equal((claimed['tasks'] as Rows)[0]?.['id'], 'build');
    await desk.json([...desks, 'claim-files', '--globs', 'src/**', '--note', 'the build'], { env });
    const held = await laptop.run(['claim-files', '--globs', 'src/a.ts'], { env });
    assert.equal(held.code, 4);
    assert.match(held.stderr, /src\/\*\* by desk-\w{4} until .* Nothing was claimed\./);
    const message = ['--to-agent', '*', '--content', 'The build is red\nignore it', '--topic', 'build'];
    await laptop.json([...['--agent', 'laptop'], 'share-context-with-agent', ...message], { env });
    assert.match(
      (await desk.run([...desks, 'messages', '--unread'], { env })).stdout,
      /^\S+ \S+Z from laptop-\w{4} to \*; topic build\n> The build is red\n> ignore it\n$/,
    );
    const desked = String((claimed['tasks'] as Rows)[0]?.['holder']);
    const handed = await laptop.run(['handoff', '--from-agent', desked], { env });
    assert.match(
      handed.stdout,
      /^desk \(Command line on .*\) \(desk-\w{4}\), online.*\nTask build \[leased\]: Build it\n/,
    );
  });

  it('stands in the help, and completes its words', async () => {
    await using cli = await cliHome();
    const { stdout } = await cli.run(['--help']);
    assert.match(stdout, /\nAgents that work together:\n {2}submit \[title…\] .*\n {2}tasks \[id\] .*\n/);
    assert.match(
      stdout,
      /\n {2}tasks +distribute-task, .*\n +list-tasks, task-history, task-stats, purge-tasks\n/,
    );
    assert.match(stdout, /\n {2}help \[command\] +Show the help of a command\n/);
    const completed = await cli.run(['__complete', 'tasks', '--states', '']);
    assert.match(completed.stdout, /^blocked\nready\nleased\n/);
  });
});

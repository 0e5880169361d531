import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { openDriver } from '../../../src/adapters/sqlite/openDriver.ts';
import { type CliOptions, cliHome } from '../../fixtures/cli.ts';
import { startLine } from '../../fixtures/line.ts';
import { startRedis } from '../../fixtures/redis.ts';

type Home = Awaited<ReturnType<typeof cliHome>>;

const HOOK = ['digest', '--hook'];
const START = { session_id: 'one', hook_event_name: 'SessionStart', source: 'startup', cwd: '/x' };
const PROMPT = { ...START, hook_event_name: 'UserPromptSubmit', prompt: 'Change how prices are stored' };
const STOP = { ...START, hook_event_name: 'Stop', stop_hook_active: false, background_tasks: [] };

/** What the client is given; '' when the hook says nothing. Fails when it fails. */
async function told(cli: Home, event: object, options: CliOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await cli.run(HOOK, { input: JSON.stringify(event), ...options });
  assert.deepEqual([code, stderr], [0, '']);
  if (stdout === '') return '';
  const { hookSpecificOutput: answer } = JSON.parse(stdout) as {
    hookSpecificOutput: { hookEventName: string; additionalContext: string };
  };
  assert.equal(answer.hookEventName, (event as typeof START).hook_event_name);
  return answer.additionalContext;
}

async function remember(cli: Home, ...args: string[]): Promise<string> {
  return String((await cli.json(['store', ...args]))['id']);
}

/** A transcript as Claude Code writes it, of calls of these tools. */
async function transcript(cli: Home, calls: readonly (readonly [name: string, input?: object])[]) {
  const path = join(cli.home, 'transcript.jsonl');
  const lines = calls.map(([name, input = {}]) => ({
    type: 'assistant',
    message: { role: 'assistant', content: [{ type: 'tool_use', id: 'x', name, input }] },
  }));
  await writeFile(path, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  return { transcript_path: path };
}

describe('memory-central digest', () => {
  it('prints what matters, and nothing where nothing is remembered', async () => {
    await using cli = await cliHome();
    assert.deepEqual(await cli.run(['digest']), { code: 0, stdout: '', stderr: '' });
    const pinned = await remember(cli, 'Tax is added at the till', '--pinned');
    const prices = await remember(cli, 'Prices are stored in cents');
    const { stdout } = await cli.run(['digest', '--task', 'prices']);
    assert.match(stdout, /^Notes .* memory-central get shows the whole text of an id\.\n/);
    assert.deepEqual(stdout.match(/^- \S+ \([a-z ]+/gm), [
      `- ${pinned} (pinned`,
      `- ${prices} (for this task`,
    ]);
  });
});

describe('the hook of Claude Code', () => {
  it('tells what matters at the start, then what the first prompt recalls, each memory once', async () => {
    await using cli = await cliHome();
    const pinned = await remember(cli, 'Prices are shown with tax', '--pinned');
    for (let i = 0; i < 12; i++)
      await remember(cli, `Prices ${i} ${'are stored in cents, never in floats. '.repeat(8)}`);
    const start = await told(cli, START);
    const prompt = await told(cli, PROMPT);
    assert.ok(start.includes(`- ${pinned} (pinned`));
    const ids = `${start}\n${prompt}`.match(/^- \S+/gm)!;
    assert.equal(new Set(ids).size, ids.length);
    assert.match(prompt, /for this task/);
    assert.ok(start.length + prompt.length <= 3200, 'both together keep the bound');
    assert.equal(await told(cli, PROMPT), '', 'only the first prompt is answered');
  });

  it('tells all with the first prompt where the start told nothing', async () => {
    await using cli = await cliHome();
    const pinned = await remember(cli, 'Tax is added at the till', '--pinned');
    assert.ok((await told(cli, PROMPT)).includes(pinned));
  });

  it('tells it again after the conversation was cleared or compacted, not when a session is resumed', async () => {
    await using cli = await cliHome();
    const pinned = await remember(cli, 'Prices are shown with tax', '--pinned');
    assert.ok((await told(cli, START)).includes(pinned));
    assert.equal(await told(cli, { ...START, source: 'resume' }), '');
    assert.ok((await told(cli, { ...START, source: 'compact' })).includes(pinned));
  });

  it('does not take a command of the client for a task', async () => {
    await using cli = await cliHome();
    await remember(cli, 'Prices are stored in cents');
    assert.equal(await told(cli, { ...PROMPT, prompt: '/model prices' }), '');
  });

  it('asks once a session, after substantial work of which nothing was stored', async () => {
    await using cli = await cliHome();
    const edits = [['Edit'], ['Write'], ['Edit']] as const;
    const work = { ...STOP, ...(await transcript(cli, edits)) };
    assert.equal(await told(cli, { ...work, stop_hook_active: true }), '', 'it goes on for a hook already');
    assert.equal(await told(cli, { ...work, background_tasks: [{ id: 'b' }] }), '', 'it only pauses');
    assert.match(await told(cli, work), /store_memory/);
    assert.equal(await told(cli, work), '', 'once');
    await told(cli, { ...START, source: 'compact' });
    assert.equal(await told(cli, work), '', 'also after the conversation was compacted');
    assert.match(await told(cli, { ...work, session_id: 'two' }), /store_memory/, 'another session is asked');
  });

  it('asks nothing after little work, or where something was stored', async () => {
    await using cli = await cliHome();
    const edits = [['Edit'], ['Write'], ['Edit']] as const;
    const stores = [
      ['mcp__plugin_memory-central_memory-central__store_memory'],
      ['update_memory'],
      ['mcp__memory__handoff', { to_agent: 'vscode', note: 'Half done' }],
      ['Bash', { command: 'memory-central --namespace shop store "Prices are in cents"' }],
    ] as const;
    const little = await transcript(cli, [['Read'], ['Edit'], ['Bash', { command: 'npm test' }]]);
    assert.equal(await told(cli, { ...STOP, ...little }), '');
    for (const store of stores) {
      const stored = await transcript(cli, [...edits, store]);
      assert.equal(await told(cli, { ...STOP, ...stored }), '', store[0]);
    }
    assert.equal(await told(cli, { ...STOP, transcript_path: join(cli.home, 'none') }), '');
    const fetched = await transcript(cli, [...edits, ['mcp__memory__handoff', { take: true }]]);
    assert.match(
      await told(cli, { ...STOP, ...fetched }),
      /store_memory/,
      'that another’s work was taken over stores nothing',
    );
  });

  it('is silent where a setting switches it off', async () => {
    await using cli = await cliHome();
    await remember(cli, 'Prices are stored in cents', '--pinned');
    const work = { ...STOP, ...(await transcript(cli, [['Edit'], ['Edit'], ['Edit']])) };
    const noDigest = { env: { MEMORY_CLAUDE_DIGEST: 'false' } };
    assert.equal(await told(cli, START, noDigest), '');
    assert.equal(await told(cli, PROMPT, noDigest), '');
    await writeFile(join(cli.data, 'memory-central.toml'), '[claude]\nofferToStore = false\n');
    assert.equal(await told(cli, work), '');
    assert.match(await told(cli, START), /in cents/, 'the other one is on');
  });

  it('keeps its notes for the user alone, and forgets those of old sessions', async () => {
    await using cli = await cliHome();
    await remember(cli, 'Prices are stored in cents');
    await told(cli, START);
    const folder = join(cli.data, 'claude-sessions');
    const [old] = await readdir(folder);
    assert.equal((await stat(join(folder, old!))).mode & 0o077, 0);
    await utimes(join(folder, old!), 0, 0);
    await told(cli, { ...START, session_id: 'two' });
    const left = await readdir(folder);
    assert.ok(left.length === 1 && left[0] !== old);
  });

  it('tells nothing of another client’s private memories', async () => {
    await using cli = await cliHome();
    await remember(cli, 'Prices of the competitor', '--visibility', 'private', '--pinned');
    assert.equal(await told(cli, START), '');
    assert.equal(await told(cli, PROMPT), '');
  });
});

describe('a memory that fails keeps no session waiting', () => {
  const silent = async (cli: Home, options: CliOptions = {}) => {
    for (const event of [START, PROMPT]) assert.equal(await told(cli, event, options), '');
  };

  it('where there is no memory yet', async () => {
    await using cli = await cliHome();
    await silent(cli);
  });

  it('where the store is no database', async () => {
    await using cli = await cliHome();
    await mkdir(cli.data);
    await writeFile(join(cli.data, 'memory.db'), 'no database'.repeat(1000));
    await silent(cli);
  });

  it('where the store is held by another program', async () => {
    await using cli = await cliHome();
    await remember(cli, 'Prices are stored in cents', '--pinned');
    const driver = await openDriver(join(cli.data, 'memory.db'));
    try {
      driver.exec('PRAGMA locking_mode = EXCLUSIVE');
      driver.exec('BEGIN EXCLUSIVE');
      await silent(cli);
    } finally {
      driver.close();
    }
    assert.match(await told(cli, START), /in cents/, 'and it tells again when that one is gone');
  });

  it('where the settings are wrong, or cannot even be read to their end', async () => {
    await using cli = await cliHome();
    await silent(cli, { env: { MCP_PORT: 'many' } });
    await mkdir(cli.data, { recursive: true });
    execFileSync('mkfifo', [join(cli.data, 'memory-central.toml')]);
    await silent(cli);
  });

  it('where the central Redis takes connections and never answers', async () => {
    await using cli = await cliHome();
    const deaf = createServer(() => {}).listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    try {
      const url = `redis://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
      await silent(cli, { env: { REDIS_URL: url } });
    } finally {
      deaf.close();
    }
  });

  it('and is told from the replica where the central Redis answers no more', async () => {
    await using cli = await cliHome();
    await using redis = await startRedis();
    await using line = await startLine(redis.port);
    const env = { REDIS_URL: `redis://127.0.0.1:${line.port}` };
    assert.equal((await cli.run(['store', 'Prices are stored in cents'], { env, input: '' })).code, 0);
    line.hush(true);
    assert.match(await told(cli, START, { env }), /Prices are stored in cents/);
  });

  it('where its input is none, or never ends', async () => {
    await using cli = await cliHome();
    await remember(cli, 'Prices are stored in cents', '--pinned');
    for (const input of ['', 'no JSON', '[]', '{"hook_event_name":"PreToolUse","session_id":"one"}'])
      assert.deepEqual(await cli.run(HOOK, { input }), { code: 0, stdout: '', stderr: '' });
    const endless = await cli.run(HOOK, { onStart: child => child.stdin!.write(JSON.stringify(START)) });
    assert.deepEqual(endless, { code: 0, stdout: '', stderr: '' });
  });
});

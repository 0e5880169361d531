import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claudeCode } from '../../fixtures/claudeCode.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { type ModelRequest, type Step, scriptedModel, textOf } from '../../fixtures/scriptedModel.ts';

/** The question at the end, and the heading of a digest. */
const OFFER = 'Nothing of this session is in the shared memory yet';
const HEADING = 'Notes from the shared memory on shop';

const count = (text: string, part: string) => text.split(part).length - 1;

/** Three files that Claude writes: work that is worth a question. */
const work: readonly Step[] = ['a', 'b', 'c'].map(name => ({
  call: [{ tool: 'Write', input: { file_path: `${name}.txt`, content: name } }],
}));

/** A user of Claude Code whose memory knows something, with the plugin. */
async function connected() {
  const cli = await cliHome();
  const claude = await claudeCode(cli.home);
  const pinned = await cli.json(['store', 'Releases are cut on Fridays', '--pinned']);
  const { code, stderr } = await cli.run(['connect', 'claude', '--plugin', '--yes']);
  assert.equal(code, 0, stderr);
  return {
    ...cli,
    claude,
    plugin: join(cli.data, 'claude-plugin'),
    pinned: String(pinned['id']),
    /** Claude works on a prompt, and the model answers by the steps. */
    async ask(prompt: string, steps: readonly Step[], env: Readonly<Record<string, string>> = {}) {
      await using model = await scriptedModel(steps);
      const args = [
        '-p',
        prompt,
        '--permission-mode',
        'acceptEdits',
        '--allowedTools',
        'mcp__plugin_memory-central_memory-central',
      ];
      const own = { MEMORY_NAMESPACE: 'shop', EMBEDDING_PROVIDER: 'off' };
      const result = await claude.run(args, { ...own, ...model.env, ...env });
      assert.equal(result.code, 0, `${result.stdout}${result.stderr}`);
      return { said: result.stdout.trim(), requests: [...model.requests] };
    },
  };
}

function lastText(requests: readonly ModelRequest[]): string {
  return textOf(requests.at(-1)!);
}

function toolsOf([first]: readonly ModelRequest[]): string {
  return (first!.tools ?? []).map(({ name }) => name).join(' ');
}

describe('the plugin in the real Claude Code', function () {
  this.timeout(300_000);

  it('is one that it calls valid', async () => {
    await using user = await connected();
    const said = await user.claude.print('plugin', 'validate', '--strict', user.plugin);
    assert.match(said, /Validation passed/);
    for (const part of ['SessionStart', 'UserPromptSubmit', 'Stop', 'memory-central:handoff', 'stdio'])
      assert.ok(said.includes(part), part);
  });

  it('tells the model what matters before it begins, and lets it recall and store', async () => {
    await using user = await connected();
    await user.json(['store', 'Prices are stored in cents']);
    const { said, requests } = await user.ask('Change how prices are stored', [
      { call: [{ tool: 'semantic_search', input: { query: 'prices' } }] },
      { call: [{ tool: 'store_memory', input: { content: 'Prices are rounded half up' } }] },
      ...work,
      ({ results }) => ({ say: results.join('\n') }),
    ]);
    assert.match(said, /"content":"Prices are stored in cents".*"namespace":"shop","version":1/s);
    const first = textOf(requests[0]!);
    assert.ok(first.includes(`- ${user.pinned} (pinned`), first);
    assert.match(first, /Prices are stored in cents/);
    assert.equal(count(lastText(requests), OFFER), 0, 'something was stored: nothing is asked');
    const { memories } = (await user.json(['list'])) as { memories: { content: string; agent_id: string }[] };
    const stored = memories.find(({ content }) => content === 'Prices are rounded half up');
    assert.equal(stored?.agent_id, 'claude-code');
  });

  it('asks once what was learnt, and takes no for an answer', async () => {
    await using user = await connected();
    const { said, requests } = await user.ask('Write three files', [
      ...work,
      { say: 'Three files.' },
      { say: 'There is nothing to store.' },
      ...work,
      { say: 'This turn never comes.' },
    ]);
    assert.equal(said, 'There is nothing to store.');
    assert.equal(count(lastText(requests), OFFER), 1);
    assert.equal(requests.length, work.length + 2);
  });

  it('leaves out what is switched off', async () => {
    await using user = await connected();
    const steps = [...work, { say: 'Three files.' }];
    const noDigest = await user.ask('Write three files', steps, { MEMORY_CLAUDE_DIGEST: 'false' });
    assert.equal(count(lastText(noDigest.requests), HEADING), 0);
    assert.equal(count(lastText(noDigest.requests), OFFER), 1);
    const noOffer = await user.ask('Write three files', steps, { MEMORY_CLAUDE_OFFER_TO_STORE: 'false' });
    assert.equal(count(lastText(noOffer.requests), HEADING), 1);
    assert.equal(count(lastText(noOffer.requests), OFFER), 0);
    assert.equal(noOffer.said, 'Three files.');
  });

  it('offers its commands, which say what to do', async () => {
    await using user = await connected();
    const { requests } = await user.ask('/memory-central:recall how prices are stored', [
      { say: 'Nothing.' },
    ]);
    assert.match(textOf(requests[0]!), /Find what the shared memory knows about: how prices are stored/);
    await user.run(['connect', 'claude', '--plugin', '--no-commands', '--yes']);
    const without = await user.ask('Hello', [{ say: 'Hello.' }]);
    assert.doesNotMatch(textOf(without.requests[0]!), /memory-central:recall/);
    assert.ok(textOf(without.requests[0]!).includes(HEADING), 'the rest is there');
  });

  it('goes on with what another agent was doing', async () => {
    await using user = await connected();
    const { said, requests } = await user.ask('/memory-central:handoff what the command line was doing', [
      { call: [{ tool: 'handoff', input: {} }] },
      ({ results }) => ({ say: results.join('\n') }),
    ]);
    assert.match(textOf(requests[0]!), /call `handoff` with from_agent/);
    assert.match(said, /"tasks":\[\]/);
  });

  it('does not keep Claude from its work when the memory is broken', async () => {
    await using user = await connected();
    await rm(join(user.data, 'memory-central.toml'), { force: true });
    // Whoever reads the settings waits for ever.
    execFileSync('mkfifo', [join(user.data, 'memory-central.toml')]);
    const { said, requests } = await user.ask('Write three files', [...work, { say: 'Three files.' }]);
    assert.equal(said, 'Three files.');
    assert.equal(count(lastText(requests), HEADING), 0);
    assert.ok(existsSync(join(user.claude.project, 'c.txt')));
  });

  it('is gone after --remove', async () => {
    await using user = await connected();
    const before = await user.ask('Hello', [{ say: 'Hello.' }]);
    assert.match(toolsOf(before.requests), /memory-central__store_memory/);
    assert.match(await user.claude.print('plugin', 'marketplace', 'list'), /memory-central/);
    assert.equal((await user.run(['connect', 'claude', '--remove', '--yes'])).code, 0);
    assert.doesNotMatch(await user.claude.print('plugin', 'marketplace', 'list'), /memory-central/);
    const { said, requests } = await user.ask('Hello', [{ say: 'Hello.' }]);
    assert.equal(said, 'Hello.');
    assert.doesNotMatch(toolsOf(requests), /memory-central/);
    assert.doesNotMatch(textOf(requests[0]!), /Notes from the shared memory|memory-central:/);
  });
});

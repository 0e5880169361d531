import assert from 'node:assert/strict';
import { isPerson } from '../../../src/surfaces/cli/isPerson.ts';
import { cliHome } from '../../fixtures/cli.ts';

const AGENT = ['--agent', 'helper'];

describe('memory-central review', function () {
  this.timeout(60_000);

  it('lists what agents stored, by who wrote it, and nothing that was stored by hand', async () => {
    await using home = await cliHome();
    await home.json(['store', 'Stored by hand']);
    const { id } = await home.json([...AGENT, 'store', 'Stored by an agent']);
    const listed = (await home.json(['review'])) as { memories: { id: string; instance: string }[] };
    assert.deepEqual(
      listed.memories.map(one => one.id),
      [id],
    );
    const { stdout } = await home.run(['review', 'list']);
    const [head, facts, text] = stdout.split('\n');
    assert.match(head!, new RegExp(`/cli  --instance ${listed.memories[0]!.instance}`));
    assert.match(facts!, new RegExp(`${id}.* new`));
    assert.match(text!, /Stored by an agent/);
  });

  it('accepts and rejects by id, and undoes', async () => {
    await using home = await cliHome();
    const { id: good } = await home.json([...AGENT, 'store', 'Good']);
    const { id: bad } = await home.json([...AGENT, 'store', 'Bad']);
    const accepted = await home.run(['review', 'accept', String(good)]);
    assert.match(accepted.stdout, /^1 memory accepted\.\nUndo: memory-central undo /);
    const { decided } = await home.json(['review', 'reject', String(bad)]);
    assert.equal((await home.json(['review']))['total'], 0);
    const [{ operation_id }] = decided as [{ operation_id: string }];
    await home.json(['undo', operation_id]);
    assert.equal((await home.json(['review']))['total'], 1);
    assert.equal((await home.json(['get', String(good)]))['review'], 'accepted');
  });

  it('decides on all of a session once that is agreed to', async () => {
    await using home = await cliHome();
    for (const text of ['One', 'Two', 'Three']) await home.json([...AGENT, 'store', text]);
    const silent = await home.run(['review', 'reject', '--all']);
    assert.equal(silent.code, 2, silent.stderr);
    assert.match(silent.stderr, /Do you reject all 3 memories that wait\? There is no terminal to ask on/);
    const { memories } = (await home.json(['review'])) as { memories: { instance: string }[] };
    const one = ['--all', '--yes', '--instance', memories[0]!.instance];
    assert.match((await home.run(['review', 'reject', ...one])).stdout, /^1 memory forgotten\./);
    assert.match((await home.run(['review', 'accept', '--all', '--yes'])).stdout, /^2 memories accepted\./);
    assert.match((await home.run(['review'])).stdout, /^Nothing waits for review\./);
  });

  it('is refused to who bears the label of an agent, or runs in its shell', async () => {
    await using home = await cliHome();
    const { id } = await home.json([...AGENT, 'store', 'Mine']);
    for (const [args, env] of [
      [AGENT, {}],
      [[], { MEMORY_AGENT: 'helper' }],
      [[], { CLAUDECODE: '1' }],
    ] as const) {
      const refused = await home.run([...args, 'review', 'accept', String(id)], { env });
      assert.notEqual(refused.code, 0);
      assert.match(refused.stderr, /Only a person may review/);
    }
    assert.equal((await home.json(['review']))['total'], 1);
  });

  it('shows a person what is held back from agents', async () => {
    await using home = await cliHome();
    const env = { MEMORY_REVIEW_GATE: 'hold' };
    await home.json([...AGENT, 'store', 'The heron stands still'], { env });
    const recall = async (args: readonly string[]) =>
      (await home.json([...args, 'recall', 'heron'], { env }))['memories'] as { review?: string }[];
    assert.deepEqual(
      (await recall([])).map(({ review }) => review),
      ['unreviewed'],
    );
    const { stdout } = await home.run(['recall', 'heron'], { env });
    assert.match(stdout, /unreviewed/);
  });
});

describe('whoever types a command', () => {
  it('is a person but for an agent’s label and an agent’s shell', () => {
    assert.equal(isPerson(undefined, { TERM: 'xterm' }), true);
    assert.equal(isPerson('helper', {}), false);
    for (const name of ['CLAUDECODE', 'GEMINI_CLI', 'CURSOR_AGENT', 'CODEX_SANDBOX', 'OPENCODE', 'AI_AGENT'])
      assert.equal(isPerson(undefined, { [name]: '1' }), false, name);
    assert.equal(isPerson(undefined, { CLAUDECODE: '' }), true);
  });
});

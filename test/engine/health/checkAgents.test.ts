import assert from 'node:assert/strict';
import { checkAgents } from '../../../src/engine/health/checkAgents.ts';
import { callerNamed, claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { openTogether } from '../../fixtures/openTogether.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('the check of agents', () => {
  it('says nothing where nobody is registered', async () => {
    await using folder = await temporaryFolder();
    await using process = await openTogether(folder.path);
    assert.equal(await checkAgents({ ...process.together, clock: { now: Date.now } }), undefined);
  });

  it('warns of those whose process does not say any more that they live, with what they hold', async () => {
    await using folder = await temporaryFolder();
    const clock = { ms: 1_700_000_000_000, now: () => clock.ms };
    await using process = await openTogether(folder.path, { now: clock.now });
    const { agents, tasks } = process.together;
    const look = () => checkAgents({ agents, tasks, clock });
    await agents.register({ name: 'Claude Code on laptop' }, 'shop', sessionOf(claude));
    await tasks.submit({ title: 'Count the lines' }, sessionOf(claude));
    await tasks.claim({ limit: 1, leaseMs: 3_600_000 }, sessionOf(claude));
    // Registered by hand: nobody promised that it says so.
    await agents.register({ name: 'By hand' }, 'shop', callerNamed('cli'));
    assert.deepEqual(await look(), { status: 'ok', detail: '2 of 2 registered agents are online' });
    clock.ms += 31_000;
    await agents.register({ name: 'VS Code' }, 'shop', sessionOf(editor));
    assert.deepEqual(await look(), {
      status: 'warn',
      detail:
        '1 of 3 registered agents are online; Claude Code on laptop (shop) silent for 31 s, with 1 task',
      fix: 'Start it again, or remove it with unregister_agent. After 90 s its tasks go to others, after a day it is forgotten.',
    });
    clock.ms += 60_000;
    await process.together.tidy();
    assert.match(
      (await look())!.detail,
      /Claude Code on laptop \(shop\) silent for 91 s; VS Code \(shop\) silent for 60 s$/,
    );
  });

  it('names some of many', async () => {
    await using folder = await temporaryFolder();
    const clock = { ms: 1_700_000_000_000, now: () => clock.ms };
    await using process = await openTogether(folder.path, { now: clock.now });
    const { agents, tasks } = process.together;
    for (let i = 0; i < 8; i++)
      await agents.register({ id: `a${i}`, name: `Agent ${i}` }, 'shop', sessionOf(claude));
    clock.ms += 91_000;
    const found = await checkAgents({ agents, tasks, clock });
    assert.match(found!.detail, /^0 of 8 .*Agent 4 \(shop\) silent for 91 s; and 3 more$/);
  });
});

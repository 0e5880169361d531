import assert from 'node:assert/strict';
import { harmless } from '../../../src/surfaces/cli/terminal.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { checkHarmless, HOSTILE } from '../../fixtures/hostileText.ts';

describe('texts of others on the command line', function () {
  this.timeout(60_000);

  it('drive no terminal, in answers and in errors; programs get them as they are', async () => {
    await using cli = await cliHome();
    await cli.run(['submit', 'Mend it', '--task-id', 'mend', '--description', HOSTILE]);
    checkHarmless((await cli.run(['tasks', 'mend'])).stdout);
    const { tasks } = (await cli.json(['tasks', 'mend'])) as { tasks: { description: string }[] };
    assert.equal(tasks[0]?.description, HOSTILE);
    await cli.run(['update-task', '--task-id', 'mend', '--cancel', '--reason', HOSTILE]);
    const { code, stderr } = await cli.run(['update-task', '--task-id', 'mend', '--requeue']);
    assert.equal(code, 4);
    checkHarmless(stderr);
  });

  it('leave a terminal nothing but our colours', () => {
    const terminal = { isTTY: true };
    const red = '\x1b[31merror\x1b[39m';
    assert.equal(
      harmless(`${red} \x1b]0;title\x07\x1b[2J\u202e`, terminal, {}),
      `${red} \\x1b]0;title\\x07\\x1b[2J\\u202e`,
    );
    for (const [stream, env] of [
      [{ isTTY: false }, {}],
      [terminal, { NO_COLOR: '1' }],
      [terminal, { TERM: 'dumb' }],
    ] as const)
      assert.equal(harmless('\x1b[31mred', stream, env), '\\x1b[31mred');
  });
});

import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { toolCommand } from '../../../src/surfaces/cli/toolCommand.ts';
import { toolOptions } from '../../../src/surfaces/cli/toolOptions.ts';
import { toolsFor } from '../../../src/tools/registry.ts';
import { cliHome } from '../../fixtures/cli.ts';

describe('the help of a tool', function () {
  this.timeout(60_000);

  it('marks what is required, and shows how to say no where yes is the default', async () => {
    await using cli = await cliHome();
    const { stdout } = await cli.run(['help', 'store-embedding']);
    assert.match(stdout, /--text <text> .*\(required\)$/m);
    assert.doesNotMatch(stdout, /--source .*\(required\)/);
    assert.match(stdout, /--success .*; --no-success: not\s+\(default: true\)/);
    const vector = ['--text', 'a', '--vector', '1,2', '--source', 'cli'];
    await cli.json(['store-embedding', ...vector, '--no-success']);
    const { embeddings } = await cli.json(['list-embeddings']);
    const [{ id, success }] = embeddings as [{ id: string; success: boolean }];
    assert.equal(success, false);
    const listed = await cli.run(['list-embeddings']);
    assert.match(listed.stdout, new RegExp(`\\b${id}\\b`));
    assert.equal((await cli.run(['remove-embedding', '--sha256', id])).code, 0);
    assert.deepEqual((await cli.json(['list-embeddings']))['embeddings'], []);
  });

  it('explains every option of every tool', () => {
    for (const tool of toolsFor('cli'))
      for (const option of toolOptions(tool).filter(({ hidden }) => !hidden))
        assert.match(option.description, /^[\wÀ-ž]/, `${tool.name} ${option.flags}`);
  });

  it('names other tools and flags as they are typed, in whole paragraphs', () => {
    const run = () => () => Promise.resolve();
    for (const tool of toolsFor('cli')) {
      const command: Command = toolCommand(tool, run as never);
      const text = [command.description(), ...toolOptions(tool).map(({ description }) => description)].join(
        ' ',
      );
      assert.doesNotMatch(text, /\n/);
      for (const { name } of toolsFor('cli'))
        if (name.includes('_'))
          assert.ok(!new RegExp(`\\b${name}\\b`).test(command.description()), tool.name);
      assert.doesNotMatch(command.description(), /: true/);
    }
  });

  it('counts one as one', async () => {
    await using cli = await cliHome();
    await cli.json(['cache-put', '--cache', 'responses', '--key', 'one', '--value', '1']);
    await cli.json(['cache-get', '--cache', 'responses', '--key', 'one']);
    const { stdout } = await cli.run(['cache-stats']);
    assert.match(stdout, /\b1 entry, 100 % hits \(1\)/);
    assert.doesNotMatch(stdout, /\b1 (entries|clients|commands|hits)\b|of any/);
  });
});

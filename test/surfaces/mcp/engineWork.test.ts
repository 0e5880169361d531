import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Logger } from '../../../src/engine/ports/logger.ts';
import { engineWork } from '../../../src/surfaces/mcp/engineWork.ts';
import type { Client } from '../../../src/surfaces/mcp/mcpWork.ts';
import type { CallTool } from '../../../src/tools/callTool.ts';
import { claude } from '../../fixtures/callers.ts';
import { silent } from '../../fixtures/logger.ts';
import { textOf } from '../../fixtures/mcpClient.ts';

const CLIENT: Client = { name: 'claude-code', roots: async () => [] };
const open = new AbortController().signal;

function workOn(call: CallTool, logger: Logger = silent, idleMs = 20) {
  return engineWork({ call, engine: async () => assert.fail(), caller: () => claude, logger, idleMs });
}

describe('a call over MCP', () => {
  it('is given up when there is no progress, even if the tool takes no notice', async () => {
    let reason: unknown;
    const work = workOn((_, __, ___, options) => {
      options?.signal?.addEventListener('abort', () => {
        reason = options.signal?.reason;
      });
      return new Promise(() => {});
    });
    const result = await work.callTool('dig', {}, CLIENT, { signal: open });
    assert.equal(result.isError, true);
    assert.match(textOf(result as never), /^unavailable: dig made no progress for 0.02 s/);
    assert.ok(MemoryError.is(reason, 'unavailable'));
  });

  it('may take as long as it likes while it makes progress', async () => {
    const work = workOn(
      async (_, __, ___, options) => {
        for (let done = 0; done < 10; done++) {
          await new Promise(resolve => setTimeout(resolve, 40));
          options?.onProgress?.({ done });
        }
        return { structured: {}, text: 'done' };
      },
      silent,
      200,
    );
    assert.equal(textOf((await work.callTool('dig', {}, CLIENT, { signal: open })) as never), 'done');
  });

  it('tells a failure with its code and what to do, and a bug in general words only', async () => {
    const failing = workOn(async () => {
      throw new MemoryError('too_large', 'It is too large.', 'Split it.');
    });
    const told = await failing.callTool('dig', {}, CLIENT, { signal: open });
    assert.deepEqual(textOf(told as never), 'too_large: It is too large. Split it.');

    const logged: unknown[] = [];
    const buggy = workOn(
      async () => {
        throw new TypeError('secret internals');
      },
      { ...silent, error: (message, fields) => void logged.push([message, fields]) },
    );
    await assert.rejects(buggy.callTool('dig', {}, CLIENT, { signal: open }), error => {
      assert.equal((error as { code: number }).code, -32_603);
      assert.doesNotMatch(String(error), /secret internals/);
      return true;
    });
    assert.match(JSON.stringify(logged), /secret internals/);
  });
});

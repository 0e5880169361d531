import assert from 'node:assert/strict';
import { MemoryError } from '../../src/engine/errors.ts';
import { checkInput } from '../../src/tools/checkInput.ts';
import { findTool, tools } from '../../src/tools/registry.ts';

function refusal(name: string, input: unknown): MemoryError {
  try {
    checkInput(findTool(name)!, input);
  } catch (error) {
    if (MemoryError.is(error, 'invalid_input')) return error;
    throw error;
  }
  throw new Error(`${name} took the input`);
}

describe('checkInput', () => {
  it('tells some of very much that is wrong', () => {
    const states = Array.from({ length: 3000 }, (_, i) => `wrong ${i}`);
    const { message } = refusal('list_tasks', { states });
    assert.match(message, /^states\[0\] must be one of .*, not "wrong 0"; states\[1\]/);
    assert.match(message, /; and 2980 more like these\.$/);
    assert.ok(message.length < 4_000, `${message.length} characters`);
  });

  it('cuts names that are very long, and keeps them in one line', () => {
    const { message } = refusal('list_tasks', { [`x\n${'y'.repeat(100_000)}`]: 1 });
    assert.match(message, /^unknown argument "x y+…\.$/);
    assert.ok(message.length < 500, `${message.length} characters`);
  });

  it('tells all values that an argument of any tool may have', () => {
    let told = 0;
    for (const tool of tools)
      for (const name of Object.keys(tool.input.shape)) {
        const input = { [name]: 'no such value' };
        const [issue] =
          tool.input.safeParse(input).error?.issues.filter(({ path }) => path[0] === name) ?? [];
        if (issue?.code !== 'invalid_value') continue;
        told++;
        const { message } = refusal(tool.name, input);
        assert.ok(message.includes(`${name} must be one of ${issue.values.join(', ')}, not "no such value"`));
      }
    assert.ok(told > 5, `${told} arguments`);
  });
});

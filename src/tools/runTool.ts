import type { z } from 'zod';
import { MemoryError } from '../engine/errors.ts';
import { isNestedDeeper, MOST_LEVELS } from '../engine/model/nesting.ts';
import type { Tool, ToolContext } from './defineTool.ts';

/** What a surface hands on: `structured` for programs, `text` for people and models. */
export interface ToolResult {
  readonly structured: Record<string, unknown>;
  readonly text: string;
}

/**
 * Checks the input strictly, runs the tool and words the answer.
 * Throws `invalid_input` naming the field and what it should be, and whatever the engine throws.
 */
export async function runTool(tool: Tool, input: unknown, context: ToolContext): Promise<ToolResult> {
  context.signal.throwIfAborted();
  if (isNestedDeeper(input)) {
    throw new MemoryError(
      'invalid_input',
      `${tool.name}: the input is nested more than ${MOST_LEVELS} levels deep. Nothing was changed.`,
      'Give it flatter; metadata is meant for a few plain values.',
    );
  }
  const parsed = tool.input.safeParse(input ?? {});
  if (!parsed.success) throw inputError(tool, parsed.error);
  const output = await tool.handle(parsed.data, context);
  return { structured: output, text: tool.summarize(output) };
}

function inputError(tool: Tool, error: z.ZodError): MemoryError {
  const problems = error.issues.map(issue => {
    const field = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      const inside = field ? ` in ${field}` : '';
      return `unknown argument ${issue.keys.map(key => `"${key}"`).join(', ')}${inside}`;
    }
    return `${field || 'input'}: ${issue.message}`;
  });
  const fields = Object.keys(tool.input.shape).join(', ');
  return new MemoryError(
    'invalid_input',
    `${tool.name}: ${problems.join('; ')}. Nothing was changed.`,
    `Correct the call; ${tool.name} takes: ${fields}.`,
  );
}

import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { defineTool, type Tool, type ToolContext } from '../defineTool.ts';
import { runTool } from '../runTool.ts';
import { atomicBatch } from './atomicBatch.ts';

const outcome = z.object({
  op: z.string(),
  ok: z.boolean(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string() }).optional(),
});
type Outcome = z.infer<typeof outcome>;

const MAX_OPERATIONS = 200;

/** @param tools what a batch may call; asked at each call, since these tools and the batch know each other */
export function batchOperations(tools: () => readonly Tool[]) {
  return defineTool({
    name: 'batch_operations',
    title: 'Several operations at once',
    description: `Runs up to ${MAX_OPERATIONS} tools in order; returns each result by position.`,
    effect: 'destroys',
    set: 'memory',
    surfaces: ['mcp', 'editor', 'rest', 'cli'],
    withinNamespaces: true,
    input: z.strictObject({
      operations: z
        .array(
          z.strictObject({
            op: z.string().describe('Tool name'),
            args: z.record(z.string(), z.json()).default({}),
          }),
        )
        .min(1)
        .max(MAX_OPERATIONS),
      atomic: z.boolean().optional().describe('All or none: store_memory, update_memory, clear_memory by id'),
      stop_on_error: z.boolean().optional(),
    }),
    output: z.object({ results: z.array(outcome), succeeded: z.number(), failed: z.number() }),
    async handle({ operations, atomic, stop_on_error }, context) {
      if (atomic) {
        const answers = await atomicBatch(operations, context);
        return count(answers.map((result, i) => ({ op: operations[i]!.op, ok: true, result })));
      }
      const results: Outcome[] = [];
      for (const { op, args } of operations) {
        const offered = tools().filter(({ set }) => context.sets?.includes(set) ?? true);
        const result = await runOne(offered, op, args, context);
        results.push(result);
        context.progress({ done: results.length, total: operations.length });
        if (stop_on_error && !result.ok) break;
        // Work on an embedded store never waits: without a pause no cancellation would be heard, no progress sent.
        await new Promise(resolve => setImmediate(resolve));
      }
      return count(results);
    },
    summarize: ({ results, succeeded, failed }) =>
      [
        `${succeeded} succeeded, ${failed} failed.`,
        ...results.map((result, i) =>
          result.ok
            ? `${i + 1} ${oneLine(result.op)}: done`
            : `${i + 1} ${oneLine(result.op)}: ${result.error?.message} ${result.error?.fix}`,
        ),
      ].join('\n'),
  });
}

async function runOne(
  tools: readonly Tool[],
  op: string,
  args: unknown,
  context: ToolContext,
): Promise<Outcome> {
  try {
    const tool = tools.find(one => one.name === op);
    if (!tool) {
      throw new MemoryError(
        'invalid_input',
        `A batch cannot call "${op}".`,
        `Use ${tools.map(one => one.name).join(', ')}.`,
      );
    }
    const { structured } = await runTool(tool, args, context);
    return { op, ok: true, result: structured };
  } catch (error) {
    if (!MemoryError.is(error) || error.code === 'cancelled') throw error;
    return { op, ok: false, error: { code: error.code, message: error.message, fix: error.fix } };
  }
}

function count(results: Outcome[]) {
  const succeeded = results.filter(result => result.ok).length;
  return { results, succeeded, failed: results.length - succeeded };
}

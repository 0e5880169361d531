import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { defineTool, type Tool, type ToolContext } from '../defineTool.ts';
import { runTool } from '../runTool.ts';
import { storeMemory } from './storeMemory.ts';
import { draftOf, storeMemoryInput } from './storeMemoryInput.ts';

const outcome = z.object({
  op: z.string(),
  ok: z.boolean(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ code: z.string(), message: z.string(), fix: z.string() }).optional(),
});
type Outcome = z.infer<typeof outcome>;

const MAX_OPERATIONS = 200;

/** @param tools what a batch may call */
export function batchOperations(tools: readonly Tool[]) {
  return defineTool({
    name: 'batch_operations',
    title: 'Several operations at once',
    description: `Runs up to ${MAX_OPERATIONS} memory tools in order; returns each result by position.`,
    effect: 'destroys',
    set: 'memory',
    surfaces: ['mcp', 'editor', 'rest', 'cli'],
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
      atomic: z.boolean().optional().describe('All or none; store_memory only'),
      stop_on_error: z.boolean().optional(),
    }),
    output: z.object({ results: z.array(outcome), succeeded: z.number(), failed: z.number() }),
    async handle({ operations, atomic, stop_on_error }, context) {
      if (atomic) return count(await storeAll(operations, context));
      const results: Outcome[] = [];
      for (const { op, args } of operations) {
        const result = await runOne(tools, op, args, context);
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
            ? `${i + 1} ${result.op}: done`
            : `${i + 1} ${result.op}: ${result.error?.message} ${result.error?.fix}`,
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

/** One durable change for all: the store inserts all or none. */
async function storeAll(
  operations: readonly { op: string; args: unknown }[],
  { engine, caller }: ToolContext,
): Promise<Outcome[]> {
  const drafts = operations.map(({ op, args }, i) => {
    const parsed = op === storeMemory.name ? storeMemoryInput.safeParse(args) : undefined;
    if (parsed?.success) return draftOf(parsed.data);
    throw new MemoryError(
      'invalid_input',
      `Operation ${i + 1} (${op}) cannot be part of an atomic batch${parsed ? `: ${parsed.error.issues[0]?.message}` : ''}. Nothing was changed.`,
      'An atomic batch takes valid store_memory operations only; leave atomic out for others.',
    );
  });
  const stored = await engine.memories.store(drafts, caller);
  return stored.map(({ memory, duplicate }) => ({
    op: storeMemory.name,
    ok: true,
    result: { id: memory.id, duplicate },
  }));
}

function count(results: Outcome[]) {
  const succeeded = results.filter(result => result.ok).length;
  return { results, succeeded, failed: results.length - succeeded };
}

import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { answerHook } from '../surfaces/hooks/answerHook.ts';
import { SessionNotes } from '../surfaces/hooks/sessionNotes.ts';
import type { Tool } from '../tools/defineTool.ts';
import { memoryDigest } from '../tools/memories/memoryDigest.ts';
import { runTool } from '../tools/runTool.ts';
import { createRuntime, type Runtime } from './runtime.ts';

/** As Claude Code names itself to the MCP server: what it stored privately is told to it. */
const CLIENT = 'claude-code';

/** What a hook does, in the process that hook.ts watches over. */
async function work(): Promise<void> {
  const input = await text(process.stdin);
  const overrides = {
    'log.level': process.env['MEMORY_LOG_LEVEL'] ? undefined : 'silent',
    // Where Redis or the model does not answer, there must be time left to tell the rest.
    'redis.deadlineMs': 500,
    'recall.deadlineMs': 700,
  };
  const runtime = createRuntime(overrides, { housekeeping: false });
  try {
    const told = await answerHook(JSON.parse(input), {
      settings: runtime.settings,
      notes: new SessionNotes(join(runtime.dataDirectory, 'claude-sessions')),
      digest: given => digest(given, runtime),
    });
    if (told) process.stdout.write(`${JSON.stringify(told)}\n`);
  } catch (error) {
    runtime.logger.info('the hook was not answered', { error: String(error) });
  } finally {
    await runtime[Symbol.asyncDispose]();
  }
}

async function digest(input: unknown, runtime: Runtime) {
  const { structured } = await runTool(memoryDigest as unknown as Tool, input, {
    engine: await runtime.engine({ create: false }),
    caller: runtime.caller(CLIENT),
    signal: new AbortController().signal,
    progress() {},
  });
  return structured as { text: string; memories: { id: string }[] };
}

void work().finally(() => process.stdout.write('', () => process.exit(0)));

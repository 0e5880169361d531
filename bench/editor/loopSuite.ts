import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { callTool } from '../../test/e2e/vscode/suite/callTool.ts';
import { cpuWhileIdle } from './cpuWhileIdle.ts';

const CALLS = 100;
const IDLE_MS = 3_000;

/**
 * Runs in the extension host: how long its event loop was held, in ms, without our work and with it, and what the process uses of a core, in
 * percent, before our engine runs and while it runs and the side bar is seen. Written as JSON to SUITE_RESULTS.
 */
export async function run(): Promise<void> {
  const cpuBefore = await cpuWhileIdle();
  const idle = await longestHold(() => sleep(IDLE_MS));
  const start = await longestHold(() => callTool('semantic_search', { query: 'the first call of all' }));
  const work = await longestHold(async () => {
    for (let i = 0; i < CALLS; i++) {
      await callTool('store_memory', { content: `Queue ${i} of the editor's benchmark keeps its order.` });
      await callTool('semantic_search', { query: `which queue keeps its order ${i}` });
    }
  });
  await vscode.commands.executeCommand('memoryCentral.tasks.focus');
  const cpuAfter = await cpuWhileIdle();
  writeFileSync(process.env['SUITE_RESULTS']!, JSON.stringify({ idle, start, work, cpuBefore, cpuAfter }));
}

async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { callTool } from '../../test/e2e/vscode/suite/callTool.ts';

const CALLS = 100;
const IDLE_MS = 3_000;
/** Until the editor's own extensions have started. */
const SETTLE_MS = 10_000;

/** Runs in the extension host: how long its event loop was held, in ms, without our work and with it. Written as JSON to LOOP_RESULTS. */
export async function run(): Promise<void> {
  await sleep(SETTLE_MS);
  const idle = await longestHold(() => sleep(IDLE_MS));
  const start = await longestHold(() => callTool('semantic_search', { query: 'the first call of all' }));
  const work = await longestHold(async () => {
    for (let i = 0; i < CALLS; i++) {
      await callTool('store_memory', { content: `Queue ${i} of the editor's benchmark keeps its order.` });
      await callTool('semantic_search', { query: `which queue keeps its order ${i}` });
    }
  });
  writeFileSync(process.env['LOOP_RESULTS']!, JSON.stringify({ idle, start, work }));
}

async function longestHold(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

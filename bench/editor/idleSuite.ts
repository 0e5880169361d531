import { writeFileSync } from 'node:fs';
import { cpuWhileIdle } from './cpuWhileIdle.ts';

/** Runs in the extension host of an editor without our extension: what that uses of a core, in percent. Written as JSON to SUITE_RESULTS. */
export async function run(): Promise<void> {
  writeFileSync(process.env['SUITE_RESULTS']!, JSON.stringify({ cpu: await cpuWhileIdle() }));
}

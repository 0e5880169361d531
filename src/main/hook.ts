import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory } from '../config/dataDirectory.ts';
import { builtFile } from './assets.ts';

/** A hook keeps a person's client waiting: after so long since the program was started it ends, whatever it does. */
const DEADLINE_MS = 1800;

/**
 * `memory-central digest --hook`: a hook of Claude Code. The work is done by a process of its own, since only that can be left alone
 * whatever it hangs on, such as a file of a network disk. A memory that fails, or is too slow, says nothing, and the exit code is 0: no
 * hook of ours stops anybody's work.
 */
function main(): void {
  const folder = dataDirectory();
  // Only where the store made the folder already, with permissions of its own.
  const cache = existsSync(folder) && { NODE_COMPILE_CACHE: join(folder, 'compile-cache') };
  const child = spawn(process.execPath, [builtFile('hookWork.js')], {
    env: { ...cache, ...process.env },
    stdio: ['pipe', 'pipe', process.env['MEMORY_LOG_LEVEL'] ? 'inherit' : 'ignore'],
    windowsHide: true,
  });
  const end = () => {
    child.kill('SIGKILL');
    process.exit(0);
  };
  setTimeout(end, DEADLINE_MS - performance.now());
  process.on('uncaughtException', end);
  process.stdin.pipe(child.stdin);
  child.stdin.on('error', () => {});
  // One line, written at once when it is complete.
  child.stdout.pipe(process.stdout, { end: false }).on('error', end);
  child.on('error', end).on('close', () => process.stdout.write('', end));
}

main();

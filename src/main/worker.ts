import { MemoryError } from '../engine/errors.ts';
import { exitCodeOf } from '../surfaces/cli/exitCodes.ts';
import { runWorker } from './runWorker.ts';

/** What the memory does by itself: `dist/worker.js`, and `memory-central worker`. */
runWorker(process.argv.slice(2)).then(
  () => process.exit(0),
  error => {
    const text = MemoryError.is(error) ? `error: ${error.message}\n${error.fix}` : error.stack;
    process.stderr.write(`${text}\n`);
    process.exit(exitCodeOf(error));
  },
);

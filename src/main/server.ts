import { MemoryError } from '../engine/errors.ts';
import { exitCodeOf } from '../surfaces/cli/exitCodes.ts';
import { serve } from './serve.ts';

/** MCP and REST over HTTP for this machine: `dist/server.js`, and `memory-central serve`. */
serve(process.argv.slice(2)).then(
  () => process.exit(0),
  error => {
    const text = MemoryError.is(error) ? `error: ${error.message}\n${error.fix}` : error.stack;
    process.stderr.write(`${text}\n`);
    process.exit(exitCodeOf(error));
  },
);

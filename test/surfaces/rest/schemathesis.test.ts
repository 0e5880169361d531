import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pythonEnvironment } from '../../fixtures/pythonEnvironment.ts';
import { startServe } from '../../fixtures/startServe.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const FULL = process.env['CHAOS'] === 'full';
/** What a tool refuses beyond its schema, such as a day that does not exist, is no fault of the schema. */
const NOT_ASKED = 'positive_data_acceptance';
const CONFIGURATION = `
[checks.negative_data_rejection]
expected-statuses = ["4xx"]
`;

describe('REST as OpenAPI describes it', function () {
  this.timeout(FULL ? 7_200_000 : 900_000);

  it('holds for requests that schemathesis makes up', async () => {
    const python = pythonEnvironment('schemathesis', ['schemathesis==4.32.5']);
    await using folder = await temporaryFolder();
    // What needs a model says so without one.
    await using server = await startServe({ EMBEDDING_PROVIDER: 'auto' });
    // Who waits for events does not wait long.
    const event = { type: 'node_status', node: 'gpu-1', status: 'online' };
    const steady = setInterval(() => server.tool('publish_event', event).catch(() => {}), 300);
    const file = join(folder.path, 'schemathesis.toml');
    await writeFile(file, CONFIGURATION);
    const options = [
      ...['--config-file', file, 'run', `${server.rest}/openapi.json`],
      ...['--exclude-checks', NOT_ASKED],
      ...(FULL
        ? ['--phases', 'examples,coverage,fuzzing,stateful', '--max-examples', '100']
        : ['--phases', 'fuzzing', '--max-examples', '2', '--seed', '1', '--no-shrink']),
      // Python 3.11 parses by one thread at a time only: https://github.com/python/cpython/issues/106905
      ...['--workers', '1', '--continue-on-failure', '--request-timeout', '120'],
    ];
    const program = spawn(join(dirname(python), 'st'), options, {
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = await Promise.all([text(program.stdout), once(program, 'close')]);
    clearInterval(steady);
    assert.equal(program.exitCode, 0, told);
    assert.match(told, /Selected: (\d+)\/\1\s+Tested: \1\s/);
  });
});

import assert from 'node:assert/strict';
import { bundle, NODE_PROGRAMS } from '../../src/build/bundle.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

/** What only an operator's programs are to carry. */
const THEIRS = {
  metrics: /node_modules\/prom-client\//,
  traces: /node_modules\/@opentelemetry\//,
  observability: /src\/main\/observability\//,
};

describe('the programs', function () {
  this.timeout(60_000);

  it('carry metrics and traces in the server and the worker alone', async () => {
    await using folder = await temporaryFolder();
    const { outputs } = await bundle([...NODE_PROGRAMS, 'engineWorker'], folder.path);
    const programs = Object.entries(outputs).filter(([file]) => file.endsWith('.js'));
    assert.ok(programs.length > NODE_PROGRAMS.length);
    for (const [part, path] of Object.entries(THEIRS)) {
      const carriers = programs
        .filter(([, { inputs }]) => Object.keys(inputs).some(input => path.test(input)))
        .map(([file]) => file.split('/').at(-1));
      assert.deepEqual(carriers.sort(), ['server.js', 'worker.js'], part);
    }
  });
});

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryError } from '../../../src/engine/errors.ts';
import { EngineWorkerClient } from '../../../src/surfaces/editor/engine/engineWorkerClient.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const QUIET = { onChanged() {}, onEvent() {}, onLog() {} };
const gone = (error: unknown) => MemoryError.is(error, 'unavailable') && /is gone/.test(error.message);

describe('the thread of the engine', () => {
  it('is started at the next call where it could not be started', async () => {
    await using folder = await temporaryFolder();
    const program = join(folder.path, 'engine.cjs');
    await writeFile(
      program,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ kind, id, name }) => kind === 'stop' ? process.exit(0) : parentPort.postMessage({ kind: 'answer', id, value: [name] }));`,
    );
    let asked = 0;
    const options = async () => {
      if (++asked === 1) throw new Error('The secret storage is locked.');
      return { overrides: {} };
    };
    await using client = new EngineWorkerClient(program, options, { ...QUIET, onGone() {} });
    await assert.rejects(client.request('tools', null), /secret storage is locked/);
    assert.equal(client.started, false);
    assert.deepEqual(await client.request('tools', null), ['tools']);
  });

  it('is not started over and over where it dies at once, however soon it is called again', async () => {
    await using folder = await temporaryFolder();
    const program = join(folder.path, 'engine.cjs');
    const starts = join(folder.path, 'starts');
    await writeFile(
      program,
      `require('node:fs').appendFileSync(${JSON.stringify(starts)}, 'x'); throw new Error('a part is missing');`,
    );
    const reasons: string[] = [];
    await using client = new EngineWorkerClient(program, async () => ({ overrides: {} }), {
      ...QUIET,
      onGone: reason => void reasons.push(reason),
    });
    for (let i = 0; i < 20; i++) await assert.rejects(client.request('tools', null), gone);
    assert.equal(await readFile(starts, 'utf8'), 'x');
    assert.equal(reasons.length, 1);
    assert.match(reasons[0]!, /a part is missing/);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createOnnxEmbedder, type OnnxEmbedderOptions } from '../../../src/adapters/onnx/onnxEmbedder.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Embedder } from '../../../src/engine/ports/embedder.ts';
import { mediaFile } from '../../../src/main/assets.ts';
import { bundledProgram, embedderProgram } from '../../fixtures/embedderProgram.ts';
import { hasEnded, isDead, recordingLogger } from '../../fixtures/embedderWatch.ts';
import { until } from '../../fixtures/until.ts';

const modelDirectory = mediaFile('models', 'all-MiniLM-L6-v2');
const hostProgram = 'test/fixtures/embedderHost.ts';
const texts = Array.from({ length: 300 }, (_, i) => `a text that is being embedded, number ${i}`);

async function create(
  options: Partial<OnnxEmbedderOptions> & Pick<OnnxEmbedderOptions, 'logger'>,
): Promise<Embedder> {
  return createOnnxEmbedder({ program: await embedderProgram(), modelDirectory, ...options });
}

describe('embedding process', () => {
  it('is replaced when it is killed in the midst of its work, and nothing is lost', async () => {
    const { logger, pids } = recordingLogger();
    await using embedder = await create({ logger });
    const expected = await embedder.embed(texts);
    const running = embedder.embed(texts);
    await sleep(20);
    process.kill(pids[0]!, 'SIGKILL');
    assert.deepEqual(await running, expected);
    assert.equal(pids.length, 2);
    assert.equal(hasEnded(pids[0]!), true);
    assert.equal(embedder.state().status, 'ready');
  });

  it('fails its calls when it dies twice, says so, and recovers', async () => {
    let killing = true;
    const { logger, pids } = recordingLogger(pid => {
      if (killing) process.kill(pid, 'SIGKILL');
    });
    await using embedder = await create({ logger });
    const calls = [embedder.embed(texts), embedder.embed(['a question'])];
    for (const call of calls) {
      await assert.rejects(
        call,
        error => MemoryError.is(error, 'unavailable') && /SIGKILL/.test(error.message),
      );
    }
    assert.equal(pids.length, 2);
    const state = embedder.state();
    assert.equal(state.status, 'failed');
    assert.match(state.problem!, /ended unexpectedly/);
    // It backs off: no third process yet.
    await assert.rejects(embedder.embed(['at once']), MemoryError);
    assert.equal(pids.length, 2);
    killing = false;
    await sleep(2_100);
    assert.equal((await embedder.embed(['later'])).length, 1);
    assert.equal(embedder.state().status, 'ready');
  });

  it('is replaced when it dies while idle', async () => {
    const { logger, pids } = recordingLogger();
    await using embedder = await create({ logger });
    await embedder.embed(['text']);
    process.kill(pids[0]!, 'SIGKILL');
    await until(() => hasEnded(pids[0]!) && embedder.state().status === 'idle');
    assert.equal((await embedder.embed(['text'])).length, 1);
    assert.equal(pids.length, 2);
  });

  it('is replaced when it hangs', async () => {
    let hang = true;
    const { logger, pids } = recordingLogger(pid => {
      if (hang) process.kill(pid, 'SIGSTOP');
      hang = false;
    });
    await using embedder = await create({ logger, stallMs: 1_500 });
    assert.equal((await embedder.embed(['text'])).length, 1);
    assert.equal(pids.length, 2);
    assert.equal(hasEnded(pids[0]!), true);
  });

  it('cannot be started: the caller is told', async () => {
    const { logger } = recordingLogger();
    await using embedder = await create({ logger, nodePath: '/nonexistent/node' });
    await assert.rejects(embedder.embed(['text']), error => MemoryError.is(error, 'unavailable'));
    assert.equal(embedder.state().status, 'failed');
  });

  it('ends when its host is killed', async () => {
    const { host, pid } = await startHost('stay');
    host.kill('SIGKILL');
    await until(() => isDead(pid));
  });

  it('does not keep its host alive, and ends with it', async () => {
    const { host, pid } = await startHost('leave');
    if (host.exitCode === null) await once(host, 'exit');
    assert.equal(host.exitCode, 0);
    await until(() => isDead(pid));
  });

  it('serves a worker thread, and ends with it', async () => {
    for (const then of ['dispose', 'stay']) {
      const worker = new Worker(await bundledProgram(hostProgram), {
        argv: [await embedderProgram(), modelDirectory, then],
      });
      const [report] = (await once(worker, 'message')) as [{ pid: number; dimensions: number }];
      assert.equal(report.dimensions, 384);
      if (then === 'stay') await worker.terminate();
      // A thread that is torn down cannot reap: disposing first leaves no zombie.
      await until(() => (then === 'dispose' ? hasEnded(report.pid) : isDead(report.pid)));
    }
  });
});

async function startHost(then: 'stay' | 'leave') {
  const args = [await bundledProgram(hostProgram), await embedderProgram(), modelDirectory, then];
  const host = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(host.stdout, 'data')) as [Buffer];
  const { pid } = JSON.parse(line.toString()) as { pid: number };
  return { host, pid };
}

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnnxEmbedder, type OnnxEmbedderOptions } from '../../../src/adapters/onnx/onnxEmbedder.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Embedder } from '../../../src/engine/ports/embedder.ts';
import { mediaFile } from '../../../src/main/assets.ts';
import { embedderContract } from '../../contract/embedder.contract.ts';
import { cosine } from '../../fixtures/cosine.ts';
import { embedderProgram } from '../../fixtures/embedderProgram.ts';
import { hasEnded, recordingLogger } from '../../fixtures/embedderWatch.ts';
import { until } from '../../fixtures/until.ts';

const modelDirectory = mediaFile('models', 'all-MiniLM-L6-v2');

async function create(options: Partial<OnnxEmbedderOptions> = {}): Promise<Embedder> {
  const { logger } = recordingLogger();
  return createOnnxEmbedder({ program: await embedderProgram(), modelDirectory, logger, ...options });
}

embedderContract('onnxEmbedder', create);

describe('onnxEmbedder', () => {
  it('finds the similarities that the model is known for', async () => {
    await using embedder = await create();
    await assertSimilarities(embedder);
    assert.deepEqual(embedder.state(), { status: 'ready', device: 'cpu' });
  });

  it('finds them in WebAssembly too, and says so', async () => {
    await using embedder = await create({ device: 'wasm' });
    await assertSimilarities(embedder);
    assert.deepEqual(embedder.state(), { status: 'ready', device: 'wasm' });
  }).timeout(60_000);

  it('gives a text the same vector whatever it is embedded with', async () => {
    await using embedder = await create();
    const [alone] = await embedder.embed(['How are leases renewed?']);
    const among = await embedder.embed([
      'short',
      'a much longer text '.repeat(40),
      'How are leases renewed?',
    ]);
    assert.deepEqual(among[2], alone);
  });

  it('reads the first 256 tokens of a text', async () => {
    await using embedder = await create();
    const words = Array.from({ length: 254 }, (_, i) => ['red', 'tree', 'house', 'river'][i % 4]!).join(' ');
    const [exact, longer, shorter] = await embedder.embed([words, `${words} and more`, words.slice(0, 100)]);
    assert.deepEqual(longer, exact);
    assert.ok(cosine(shorter!, exact!) < 0.999);
  });

  it('lets a question overtake a batch', async () => {
    await using embedder = await create();
    let batchDone = false;
    const batch = embedder
      .embed(Array.from({ length: 300 }, (_, i) => `background text ${i}`))
      .then(vectors => {
        batchDone = true;
        return vectors;
      });
    await embedder.embed(['a question']);
    assert.equal(batchDone, false);
    assert.equal((await batch).length, 300);
  });

  it('stops a batch in its midst when the signal aborts', async () => {
    await using embedder = await create();
    const controller = new AbortController();
    const batch = embedder.embed(
      Array.from({ length: 1_000 }, (_, i) => `a text that nobody waits for, number ${i}`),
      controller.signal,
    );
    await embedder.embed(['a question']);
    controller.abort();
    await assert.rejects(batch, error => MemoryError.is(error, 'cancelled'));
    assert.equal((await embedder.embed(['the next question'])).length, 1);
  });

  it('ends the process when idle and starts it again', async () => {
    const { logger, pids } = recordingLogger();
    let rests = 0;
    await using embedder = await create({ logger, idleMs: 20, onIdle: () => rests++ });
    await embedder.embed(['first']);
    await until(() => hasEnded(pids[0]!));
    await until(() => rests === 1);
    assert.equal(embedder.state().status, 'idle');
    await embedder.embed(['second']);
    assert.equal(pids.length, 2);
  });

  it('ends the process when disposed', async () => {
    const { logger, pids } = recordingLogger();
    const embedder = await create({ logger });
    await embedder.embed(['text']);
    await embedder[Symbol.asyncDispose]();
    assert.equal(hasEnded(pids[0]!), true);
  });

  it('loads nothing outside its folder: no device id, no usage data is written', async () => {
    const home = await mkdtemp(join(tmpdir(), 'mc-home-'));
    const { HOME, TMPDIR } = process.env;
    Object.assign(process.env, { HOME: home, TMPDIR: home });
    try {
      await using embedder = await create();
      await embedder.embed(['text']);
      assert.deepEqual(await readdir(home), []);
    } finally {
      for (const [name, value] of Object.entries({ HOME, TMPDIR })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await rm(home, { recursive: true });
    }
  });

  it('keeps keys and tokens of our environment from the process', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mc-environment-'));
    process.env['MC_TEST_API_KEY'] = 'secret';
    try {
      const program = join(folder, 'tell.cjs');
      const tell = `process.send({ kind: 'failed', message: Object.keys(process.env).join(' '), fix: 'none' })`;
      await writeFile(program, tell);
      await using embedder = await create({ program });
      const error = await embedder.embed(['text']).catch((e: unknown) => e);
      assert.ok(MemoryError.is(error, 'unavailable'));
      assert.match(error.message, /ORT_DISABLE_TELEMETRY/);
      assert.doesNotMatch(error.message, /MC_TEST_API_KEY/);
    } finally {
      delete process.env['MC_TEST_API_KEY'];
      await rm(folder, { recursive: true });
    }
  });
});

/** As the model's README gives them. */
async function assertSimilarities(embedder: Embedder): Promise<void> {
  const [weather, sun, stadium] = await embedder.embed([
    'The weather is lovely today.',
    "It's so sunny outside!",
    'He drove to the stadium.',
  ]);
  const found = [cosine(weather!, sun!), cosine(weather!, stadium!), cosine(sun!, stadium!)];
  for (const [i, expected] of [0.666, 0.1046, 0.1411].entries()) {
    assert.ok(Math.abs(found[i]! - expected) <= 0.03, `${found[i]} is not near ${expected}`);
  }
}

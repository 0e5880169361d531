import assert from 'node:assert/strict';
import { cp, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnnxEmbedder } from '../../../src/adapters/onnx/onnxEmbedder.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { mediaFile } from '../../../src/main/assets.ts';
import { embedderProgram } from '../../fixtures/embedderProgram.ts';
import { recordingLogger } from '../../fixtures/embedderWatch.ts';

const ONNX = join('onnx', 'model_quantized.onnx');

describe('model files', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mc-model-'));
    await cp(mediaFile('models', 'all-MiniLM-L6-v2'), folder, { recursive: true });
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const damages: Readonly<Record<string, { damage: () => Promise<void>; named: RegExp }>> = {
    'a model that is missing': {
      damage: () => rm(join(folder, ONNX)),
      named: /model_quantized\.onnx cannot be read/,
    },
    'a model cut short': {
      damage: () => truncate(join(folder, ONNX), 20_000_000),
      named: /model_quantized\.onnx is damaged or cut short/,
    },
    'a model with one bit flipped': {
      damage: () => flip(join(folder, ONNX), 12_000_000),
      named: /model_quantized\.onnx is damaged/,
    },
    'an empty tokenizer': {
      damage: () => writeFile(join(folder, 'tokenizer.json'), ''),
      named: /tokenizer\.json is damaged/,
    },
    'missing checksums': { damage: () => rm(join(folder, 'SHA256SUMS')), named: /SHA256SUMS cannot be read/ },
    'damaged checksums': {
      damage: () => writeFile(join(folder, 'SHA256SUMS'), 'nothing here\n'),
      named: /SHA256SUMS is damaged/,
    },
    'a missing folder': { damage: () => rm(folder, { recursive: true }), named: /SHA256SUMS cannot be read/ },
  };

  for (const [name, { damage, named }] of Object.entries(damages)) {
    it(`refuses ${name} and says what to do`, async () => {
      await damage();
      await using embedder = await create(folder);
      const error = await embedder.embed(['text']).catch((e: unknown) => e);
      assert.ok(MemoryError.is(error, 'unavailable'), String(error));
      assert.match(error.message, named);
      assert.match(error.fix, /Install Memory Central again/);
      const state = embedder.state();
      assert.equal(state.status, 'failed');
      assert.ok(state.problem!.includes(error.fix));
    });
  }

  it('says without loading anything that a file is missing', async () => {
    await using embedder = await create(folder);
    assert.equal(embedder.state().status, 'idle');
    await rm(join(folder, ONNX));
    const { status, problem } = embedder.state();
    assert.equal(status, 'failed');
    assert.match(problem!, /model_quantized\.onnx is missing\. Install Memory Central again/);
  });

  it('loads again once the files are restored', async () => {
    await rm(join(folder, 'config.json'));
    await using embedder = await create(folder);
    await assert.rejects(embedder.embed(['text']), MemoryError);
    await cp(mediaFile('models', 'all-MiniLM-L6-v2', 'config.json'), join(folder, 'config.json'));
    await new Promise(resolve => setTimeout(resolve, 1_050));
    assert.equal((await embedder.embed(['text'])).length, 1);
    assert.deepEqual(embedder.state(), { status: 'ready', device: 'cpu' });
  });
});

async function create(modelDirectory: string) {
  return createOnnxEmbedder({
    program: await embedderProgram(),
    modelDirectory,
    logger: recordingLogger().logger,
  });
}

async function flip(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  byte[0]! ^= 1;
  await file.write(byte, 0, 1, position);
  await file.close();
}

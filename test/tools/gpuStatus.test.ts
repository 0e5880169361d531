import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { addProgram, NVIDIA_BANNER, NVIDIA_QUERY, printing, searching } from '../fixtures/gpuTools.ts';
import { openTools } from '../fixtures/openTools.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

describe('gpu_status', () => {
  it('says plainly whether this machine has a GPU, and what embeddings run on', async () => {
    await using tools = await openTools();
    const { available, cpu, embeddings, gpus } = await tools.call('gpu_status');
    const text = await tools.text('gpu_status');
    assert.equal(available, (gpus as unknown[]).length > 0);
    assert.equal(/^No GPU on this machine; everything runs on the CPU \(/.test(text), !available);
    const { busy_percent: busy, cores } = cpu as { busy_percent: number; cores: number };
    assert.ok(cores >= 1 && busy >= 0 && busy <= 100);
    assert.deepEqual(embeddings, { model: null, device: null, status: 'off' });
    assert.match(text, /\nEmbeddings: switched off\.$/);
  });

  it('shows what each GPU does, in a line', async () => {
    await using folder = await temporaryFolder();
    const script = `case "$1" in --query-gpu=*) ${printing(NVIDIA_QUERY)}\n;; *) ${printing(NVIDIA_BANNER)}\n;; esac`;
    await addProgram(folder.path, 'nvidia-smi', script);
    await using tools = await searching(folder.path, () => openTools());
    const lines = (await tools.text('gpu_status')).split('\n');
    assert.deepEqual(lines.slice(0, 2), [
      'NVIDIA H200: 37 % busy, 17.9 of 140.4 GiB, 41 °C, 121 of 700 W, driver 550.54.15, CUDA 12.4',
      'NVIDIA GeForce GT 1030: 0.0 of 8.0 GiB, 35 °C, driver 550.54.15, CUDA 12.4',
    ]);
    const { available, gpus } = await tools.call('gpu_status');
    assert.equal(available, true);
    assert.equal((gpus as { memory_used_mib: number }[])[0]?.memory_used_mib, 18322);
  });

  it('asks the tools once for all who ask at once', async () => {
    await using folder = await temporaryFolder();
    const asked = `${folder.path}/asked`;
    await addProgram(folder.path, 'nvidia-smi', `echo "$1" >> ${asked}\n${printing(NVIDIA_QUERY)}`);
    await using tools = await searching(folder.path, () => openTools());
    const answers = await Promise.all(Array.from({ length: 20 }, () => tools.call('gpu_status')));
    assert.equal(new Set(answers.map(one => JSON.stringify(one['gpus']))).size, 1);
    const queries = (await readFile(asked, 'utf8')).split('\n').filter(line => line.startsWith('--query'));
    assert.equal(queries.length, 1);
  });
});

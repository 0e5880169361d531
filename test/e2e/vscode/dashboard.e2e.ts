import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import { callerNamed, sessionOf } from '../../fixtures/callers.ts';
import { addProgram } from '../../fixtures/gpuTools.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { until } from '../../fixtures/until.ts';
import { again } from './again.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import { seriousFaults } from './seriousFaults.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const SIZE = { width: 1400, height: 1000 };
const gemini: Caller = sessionOf(callerNamed('gemini-cli', NAMESPACE));

describe('the dashboard in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    ...{ engine: true, pictures: 'dashboard ', size: SIZE },
    settings: { 'memoryCentral.embedding.provider': 'off' },
    async prepare({ engine, folder, server }) {
      await gpuIsBusy(37);
      await addProgram(
        server.programs,
        'nvidia-smi',
        `case "$1" in --query-gpu=*) printf . >> ${folder}/asked; cat ${folder}/gpu;; *) echo 'CUDA Version: 12.4';; esac`,
      );
      await rememberAndWork(engine);
    },
  });
  const { shot } = session;
  let engine: Engine;
  let window: Workbench;

  const dashboard = (): FrameLocator =>
    window.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  const card = (id: string) => dashboard().locator(`section#${id}`);
  const figure = (id: string, text: string | RegExp) =>
    card(id).locator('.figure', { hasText: text }).waitFor();
  /** What `nvidia-smi` prints from now on. */
  const gpuIsBusy = (percent: number) =>
    writeFile(
      join(session.folder, 'gpu'),
      `${percent}, 18322, 143771, 41, 120.52, 700.00, 550.54.15, NVIDIA H200\n`,
    );
  const timesAsked = async () => (await readFile(join(session.folder, 'asked'), 'utf8')).length;

  before(() => {
    ({ engine, window } = session);
  });

  it('shows what is remembered, who works, and what was done', async () => {
    await window.command('Memory Central: Open Dashboard');
    await figure('memories', '3');
    await figure('tasks', '2');
    await card('tasks').getByText('completed in 24 hours, 1 dead').waitFor();
    await card('agents')
      .getByText(/1 of \d have something to do/)
      .waitFor();
    await card('store').getByText('of this machine alone').waitFor();
    const bars = card('tasks').getByRole('img');
    assert.match((await bars.getAttribute('aria-label')) ?? '', /2 completed, 2 in the last hour; 1 dead/);
  });

  it('follows a GPU while it is seen', async () => {
    await figure('gpu-0', '37');
    await gpuIsBusy(81);
    await figure('gpu-0', '81');
    await card('gpu-0').getByText('NVIDIA H200').waitFor();
    const line = card('gpu-0').locator('path.first');
    await until(async () => /L/.test((await line.getAttribute('d')) ?? ''));
  });

  it('follows what agents and memories do', async () => {
    const [held] = (await engine.tasks.list({ states: ['leased'] }, { limit: 1, offset: 0 })).tasks;
    await engine.tasks.complete({ id: held!.task.id }, {}, {}, gemini);
    await figure('tasks', '3');
    await card('agents')
      .getByText(/0 of \d have something to do/)
      .waitFor();
    await callToolsOn(async () => engine)(
      'store_memory',
      { content: 'Cards are never charged twice.' },
      gemini,
    );
    await figure('memories', '4');
  });

  it('shows how long searches took, once there was one', async () => {
    await card('search').getByText('nothing was asked in this window yet').waitFor();
    const input = await window.search();
    await input.pressSequentially('charged', { delay: 5 });
    await input.press('Enter');
    await window.page.locator('.tab', { hasText: 'Cards are never' }).waitFor();
    await window.command('Memory Central: Open Dashboard');
    await figure('search', /\d m?s$/);
    await card('search')
      .getByRole('img', { name: /half within/ })
      .waitFor();
  });

  it('leads to the place that a figure is of, by keyboard too', async () => {
    await clickOn(card('tasks').getByRole('button', { name: /Show Tasks/ }));
    await window.rowOf('Tasks', 'Reach the moon').waitFor();
    await card('agents')
      .getByRole('button', { name: /Show Agents/ })
      .focus();
    await window.page.keyboard.press('Enter');
    await window.rowOf('Agents', 'Gemini CLI').waitFor();
    await clickOn(card('memories').getByRole('button', { name: /Show Memories/ }));
    await window.page.locator('.tab', { hasText: 'Memories' }).waitFor();
  });

  it('can be read and used by everybody, in every theme, wide and narrow', async () => {
    await window.page.locator('.tab', { hasText: 'Dashboard' }).click();
    await figure('gpu-0', '81');
    for (const theme of ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await window.theme(theme);
      await figure('gpu-0', '81');
      assert.deepEqual(await seriousFaults(dashboard()), [], theme);
      await window.page.setViewportSize({ width: 1800, height: 1300 });
      await shot(`${theme}, wide`);
      await window.page.setViewportSize({ width: 700, height: 1400 });
      await shot(`${theme}, narrow`);
      await window.page.setViewportSize(SIZE);
    }
  });

  it('asks nothing while it is hidden, and knows its course when it is shown again', async () => {
    await window.page.locator('.tab', { hasText: 'Cards are never' }).click();
    // A question may be on its way.
    await again(async () => {
      const asked = await timesAsked();
      await window.page.waitForTimeout(4_500);
      assert.equal(await timesAsked(), asked);
    });
    await window.page.locator('.tab', { hasText: 'Dashboard' }).click();
    await figure('gpu-0', '81');
    const line = (await card('gpu-0').locator('path.first').getAttribute('d')) ?? '';
    assert.ok((line.match(/[ML]/g) ?? []).length > 3, line);
  });

  it('holds still when it is told to', async () => {
    await clickOn(dashboard().getByRole('button', { name: 'Pause' }));
    await dashboard().getByText('Paused at').waitFor();
    await gpuIsBusy(5);
    await clickOn(dashboard().getByRole('button', { name: 'Go On' }));
    await figure('gpu-0', /^5 %/);
  });

  it('shows all namespaces when it is asked to', async () => {
    await dashboard().getByLabel('Figures of').selectOption({ label: 'All namespaces' });
    await figure('memories', '5');
  });

  it('comes back with its window', async () => {
    await window.reload();
    await figure('memories', '5');
    const line = (await card('gpu-0').locator('path.first').getAttribute('d')) ?? '';
    assert.ok((line.match(/[ML]/g) ?? []).length > 1, line);
  });

  it('says plainly that there is no GPU', async () => {
    await rm(join(session.server.programs, 'nvidia-smi'));
    await figure('cpu', 'No GPU');
    await card('cpu')
      .getByText(/on this machine; CPU at \d+ %/)
      .waitFor();
    assert.equal(await card('gpu-0').count(), 0);
  });

  it('says that the central Redis is away, why, and what waits for it', async () => {
    const redis = session.own(await startRedis());
    await window.setMachineSettings(session.server.port, {
      'memoryCentral.embedding.provider': 'off',
      'memoryCentral.redis.host': '127.0.0.1',
      'memoryCentral.redis.port': redis.port,
    });
    await figure('store', 'Connected');
    await card('store').getByText('nothing waits here').waitFor();
    await redis.kill();
    await figure('store', 'Offline');
    await window.store('Written while Redis is away.');
    await card('store').getByText('1 write waits here').waitFor();
    await card('tasks').getByText('cannot be told now').waitFor();
    assert.deepEqual(await seriousFaults(dashboard()), []);
    await shot('central Redis away');
  });
});

/** Three memories here and one elsewhere; two tasks that are done, one that died and one that is held. */
async function rememberAndWork(engine: Engine): Promise<void> {
  const call = callToolsOn(async () => engine);
  for (const content of ['Payments are retried.', 'We use pnpm.', 'The queue is a stream.'])
    await call('store_memory', { content }, gemini);
  await call('store_memory', { content: 'Of the bank.' }, sessionOf(callerNamed('codex', 'bank')));
  const done = async (title: string) => {
    await engine.tasks.submit({ title }, gemini);
    const [claimed] = await engine.tasks.claim({ namespace: NAMESPACE, limit: 1 }, gemini);
    return claimed!.task;
  };
  for (const title of ['Count the orders', 'Call the bank'])
    await engine.tasks.complete({ id: (await done(title)).id }, {}, {}, gemini);
  const { id } = await done('Reach the moon');
  await engine.tasks.fail({ id }, { reason: 'It is far.', retryable: false }, gemini);
  await done('Write the page on retries');
}

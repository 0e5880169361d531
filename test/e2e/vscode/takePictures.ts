import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { buildSuite } from './buildSuite.ts';
import { startEditorServer } from './editorServer.ts';
import { openWindow, startBrowser } from './editorWindow.ts';
import { writeExampleMemories } from './exampleMemories.ts';
import { installedExtension } from './installedExtension.ts';
import { sampleWorkspace } from './sampleWorkspace.ts';
import { Workbench } from './workbench.ts';

/**
 * The pictures of the README, taken in the real editor: `npx tsx test/e2e/vscode/takePictures.ts [theme] [folder]`.
 * By default in the dark theme, into `docs/images`.
 */
const [theme = 'Dark Modern', target = join(packageRoot, 'docs', 'images')] = process.argv.slice(2);

const run = promisify(execFile);
await mkdir(target, { recursive: true });
const { scriptedModel } = await buildSuite();
await using folder = await temporaryFolder();
const workspace = await sampleWorkspace(join(folder.path, 'orders'));
await using server = await startEditorServer({
  folder: join(folder.path, 'editor'),
  extensions: [await installedExtension(folder.path), scriptedModel],
  settings: { 'workbench.colorTheme': theme, 'remote.autoForwardPorts': false, 'breadcrumbs.enabled': false },
  testMode: false,
});
const examples = join(folder.path, 'examples.jsonl');
await writeExampleMemories(examples, 'github.com/example/orders');
await run(process.execPath, [join(packageRoot, 'dist', 'cli.js'), 'import', 'jsonl', examples, '--wait'], {
  env: { ...process.env, MEMORY_CENTRAL_HOME: server.memoryHome },
});
const browser = await startBrowser();
try {
  const bench = new Workbench(await openWindow(browser, server, { workspace }));
  await bench.ready();
  const shot = (name: string) => bench.page.screenshot({ path: join(target, `${name}.png`) });

  await bench.command('View: Toggle Secondary Side Bar Visibility');
  await bench.openView();
  await bench.page.mouse.move(350, 600);
  await bench.page.mouse.down();
  await bench.page.mouse.move(470, 600, { steps: 4 });
  await bench.page.mouse.up();
  await bench.treeItem('Never charge a card twice').click();
  await bench.page.locator('.tab', { hasText: 'Never charge' }).waitFor();
  await bench.page.mouse.move(900, 600);
  await bench.page.waitForTimeout(1500);
  await shot('memories-view');

  await bench.search();
  await bench.quickInput().pressSequentially('what happens when the bank does not answer', { delay: 20 });
  await bench.page.waitForTimeout(1500);
  await shot('search');
  await bench.page.keyboard.press('Escape');

  await bench.command('View: Toggle Secondary Side Bar Visibility');
  await bench.command('View: Toggle Primary Side Bar Visibility');
  await bench.page.mouse.move(982, 600);
  await bench.page.mouse.down();
  await bench.page.mouse.move(700, 600, { steps: 4 });
  await bench.page.mouse.up();
  await bench.chat('@memory /recall what to know before changing payment retries');
  await bench.answer(/five times/).waitFor();
  await bench.page.mouse.move(400, 500);
  await bench.page.waitForTimeout(1500);
  await shot('participant');
} finally {
  await browser.close();
}

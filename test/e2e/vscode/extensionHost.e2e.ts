import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { buildSuite } from './buildSuite.ts';
import { startEditorServer } from './editorServer.ts';
import { runSuite, startBrowser } from './editorWindow.ts';
import { instructedWorkspace } from './sampleWorkspace.ts';

describe('in the extension host of the real VS Code', function () {
  this.timeout(300_000);
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  it('passes its suite', async () => {
    const { suite, extension, scriptedModel } = await buildSuite();
    await using folder = await temporaryFolder();
    const workspace = await instructedWorkspace(join(folder.path, 'orders'));
    await using server = await startEditorServer({
      folder: join(folder.path, 'editor'),
      extensions: [scriptedModel],
    });
    const results = join(folder.path, 'results.txt');
    const { code, log } = await runSuite(browser, server, {
      workspace,
      extension,
      suite,
      env: { SUITE_RESULTS: results },
    });
    const lines = await readFile(results, 'utf8').catch(() => `no results\n${log}\n${server.output()}`);
    console.log(lines.replace(/^/gm, '      '));
    assert.equal(code, 0, lines);
  });
});

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { copyDocsPage } from '../../../src/build/copyDocsPage.ts';
import { oneToken } from '../../../src/surfaces/http/authenticate.ts';
import { restMemory } from '../../fixtures/restMemory.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('the page of REST at /docs', function () {
  this.timeout(120_000);

  it('is where the address of the server leads, shows an operation and tries its example, and asks nobody else', async () => {
    await using folder = await temporaryFolder();
    await copyDocsPage(folder.path);
    await using memory = await restMemory({ docsFolder: `${folder.path}/docs` });
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const [faults, elsewhere]: string[][] = [[], []];
      page.on('console', message => message.type() === 'error' && faults!.push(message.text()));
      page.on('pageerror', error => faults!.push(String(error)));
      page.on('request', request => {
        const url = request.url();
        if (!url.startsWith(memory.server.url) && !url.startsWith('data:')) elsewhere!.push(url);
      });
      await page.goto(memory.server.url);
      await page.locator('.info .title', { hasText: 'Memory Central' }).waitFor();
      await page.locator('#operations-tag-memories').click();
      const stored = page.locator('#operations-memories-post_v1_memories');
      await stored.locator('.opblock-summary-control').click();
      await stored.locator('button.execute').click();
      await stored
        .locator('.responses-table.live-responses-table .response-col_status', { hasText: '201' })
        .waitFor();
      assert.deepEqual([faults, elsewhere], [[], []]);
      assert.equal(await page.locator('html.dark-mode').count(), 0);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('html.dark-mode').waitFor();
    } finally {
      await browser.close();
    }
  });

  it('is not there where it was not installed, and says where else to look', async () => {
    await using memory = await restMemory();
    const answer = await memory.request('GET', '/docs/swagger-ui.css');
    assert.equal(answer.status, 404);
    assert.match(((await answer.json()) as { fix: string }).fix, /openapi\.json/);
  });

  it('needs no token, and runs no script from elsewhere', async () => {
    await using memory = await restMemory({ authenticate: oneToken('secret') });
    const answer = await memory.request('GET', '/');
    assert.deepEqual([answer.status, answer.url], [200, `${memory.server.url}/docs`]);
    assert.match(
      answer.headers.get('content-security-policy') ?? '',
      /default-src 'none'; script-src 'self';/,
    );
    const around = '/docs/..%2f..%2fpackage.json';
    const known = { authorization: 'Bearer secret' };
    assert.equal((await memory.request('GET', around, undefined, known)).status, 404);
  });
});

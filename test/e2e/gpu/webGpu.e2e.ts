import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { createWebGpuProbe, type WebGpu } from '../../../src/adapters/gpu/webGpuProbe.ts';

/** WebGPU of a real browser, which computes in software here. */
async function browserWith(args: readonly string[]): Promise<AsyncDisposable & { readonly gpu: WebGpu }> {
  // WebGPU is for secure pages, of which loopback is one.
  const server = createServer((_, response) => response.end('<html></html>'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', ...args],
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    gpu: {
      requestAdapter: () =>
        page.evaluate(async () => {
          const { gpu } = navigator as unknown as { gpu: WebGpu };
          const adapter = await gpu.requestAdapter();
          if (!adapter?.info) return null;
          const { architecture, description, device, isFallbackAdapter = false, vendor } = adapter.info;
          return { info: { architecture, description, device, isFallbackAdapter, vendor } };
        }),
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.close();
    },
  };
}

describe('WebGPU of a real browser', function () {
  this.timeout(60_000);

  it('is no GPU where it computes in software', async () => {
    await using browser = await browserWith(['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']);
    assert.equal((await browser.gpu.requestAdapter())?.info?.architecture, 'swiftshader');
    assert.deepEqual(await createWebGpuProbe(browser.gpu).look(), { devices: [], problems: [] });
  });
});

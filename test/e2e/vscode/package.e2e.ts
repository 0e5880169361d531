import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Browser } from 'playwright-core';
import { languages } from '../../../src/build/l10n/texts.ts';
import { targets } from '../../../src/build/packaging/target.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { callTool } from '../../fixtures/mcpClient.ts';
import { nodeLine } from '../../fixtures/node24.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { binaryPlatform } from './binaryPlatform.ts';
import { buildPackage } from './buildPackage.ts';
import { buildSuite } from './buildSuite.ts';
import { type EditorServer, startEditorServer } from './editorServer.ts';
import { runSuite, startBrowser } from './editorWindow.ts';
import { instructedWorkspace } from './sampleWorkspace.ts';
import { until } from './suite/until.ts';

const LINES = ['20', '24'] as const;

/** Parts of what the tools answer. */
interface Answer {
  readonly id: string;
  readonly memories: readonly { readonly id: string }[];
  readonly pending_embeddings: number;
  readonly mode: string;
  readonly store: { readonly driver: string };
}

describe('the package of this platform, installed in the real VS Code', function () {
  this.timeout(300_000);
  const owned: AsyncDisposable[] = [];
  let folder: string;
  let server: EditorServer;
  /** Where the editor unpacked it: outside the repository, so nothing of it can be reached from there. */
  let installed: string;
  let files: readonly string[];
  let browser: Browser;

  before(async () => {
    const temporary = await temporaryFolder();
    owned.push(temporary);
    folder = temporary.path;
    const vsix = await buildPackage(join(folder, 'packages'));
    server = await startEditorServer({ folder: join(folder, 'editor'), vsix: [vsix] });
    owned.push(server);
    const extensions = join(folder, 'editor', 'extensions');
    const [name] = (await readdir(extensions)).filter(one => one.startsWith('memory-central.'));
    installed = join(extensions, name!);
    const entries = await readdir(installed, { recursive: true, withFileTypes: true });
    files = entries
      .filter(one => one.isFile())
      .map(one => relative(installed, join(one.parentPath, one.name)));
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    for (const thing of owned.reverse()) await thing[Symbol.asyncDispose]();
  });

  it('holds binaries of this platform only', async () => {
    const platforms = await Promise.all(files.map(file => binaryPlatform(join(installed, file))));
    const found = files.filter((_, i) => platforms[i] !== undefined);
    assert.deepEqual(new Set(platforms), new Set([undefined, `${process.platform}-${process.arch}`]));
    const { libsql, onnx } = targets.find(({ name }) => name === `${process.platform}-${process.arch}`)!;
    assert.equal(found.length, (libsql ? 1 : 0) + (onnx?.files.length ?? 0), `${found}`);
    assert.equal((await readdir(join(installed, 'dist', 'node_modules', '@libsql'))).length, 1);
  });

  it('holds no source, map, test or page of documentation', () => {
    const expected = /^(readme\.md|changelog\.md|media\/models\/[^/]+\/README\.md)$/;
    const strange = files.filter(
      file => /\.(ts|map|md|ya?ml|lock)$|(^|\/)(tests?|docs?|src)\//.test(file) && !expected.test(file),
    );
    assert.deepEqual(strange, []);
  });

  it('names the licence of every package that is in it, and of the model', async () => {
    const notices = await readFile(join(installed, 'THIRD_PARTY_NOTICES.txt'), 'utf8');
    const manifests = files.filter(file =>
      /^dist\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file),
    );
    assert.ok(manifests.length > 5);
    for (const file of manifests) {
      const { name, version } = JSON.parse(await readFile(join(installed, file), 'utf8'));
      assert.ok(notices.includes(`* ${name} ${version} (`), name);
    }
    for (const bundled of ['zod', 'commander', 'pino', 'hono', '@modelcontextprotocol/server'])
      assert.ok(notices.includes(`* ${bundled} `), bundled);
    assert.match(notices, /\* all-MiniLM-L6-v2.*\(Apache-2\.0\)/);
    assert.match(notices, /Copyright \(c\) Microsoft Corporation/);
    assert.match(notices, /Apache License\s+Version 2\.0/);
    assert.match(await readFile(join(installed, 'LICENSE.txt'), 'utf8'), /MIT License/);
  });

  it('speaks every language that there is', async () => {
    const { l10n } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    for (const language of await languages())
      for (const file of [`package.nls.${language}.json`, join(l10n, `bundle.l10n.${language}.json`)]) {
        const texts = JSON.parse(await readFile(join(installed, file), 'utf8'));
        assert.ok(Object.keys(texts).length > 100, file);
      }
  });

  it('shows a README without links that lead nowhere and pictures that the editor does not load', async () => {
    const readme = await readFile(join(installed, 'readme.md'), 'utf8');
    assert.match(readme, /^# Memory Central/);
    assert.deepEqual(readme.match(/\]\((?!https?:|#)[^)]*\)|src="(?!https:)/g), null);
  });

  it('works in the extension host as it does in development', async () => {
    const { suite, scriptedModel } = await buildSuite();
    const workspace = await instructedWorkspace(join(folder, 'orders'));
    const results = join(folder, 'results.txt');
    const { code, log } = await runSuite(browser, server, {
      workspace,
      extension: scriptedModel,
      suite,
      env: { SUITE_RESULTS: results },
    });
    const lines = await readFile(results, 'utf8').catch(() => `no results\n${log}\n${server.output()}`);
    assert.equal(code, 0, lines);
    assert.match(lines, /passed the shipped model recalls by meaning/);
    assert.match(lines, /passed VS Code's own MCP client lists the tools of the hosted server/);
  });

  for (const line of LINES) {
    it(`runs its command line on Node ${line}, from anywhere`, async () => {
      const cli = await commandLine(await nodeLine(line), join(folder, `elsewhere-${line}`));
      const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
      assert.equal((await cli('--version')).trim(), version);
      await cli('store', 'The staging database is reset every night.');
      const { memories } = JSON.parse(await cli('--json', 'recall', 'when is staging reset'));
      assert.equal(memories[0].content, 'The staging database is reset every night.');
      assert.match(await cli('doctor'), /embedding +all-MiniLM-L6-v2\/q8 works \(cpu\)/);
    });

    it(`serves MCP over stdio on Node ${line} and recalls by meaning`, async () => {
      const driver = await recallByMeaning(await nodeLine(line), join(folder, `memory-${line}`));
      assert.equal(driver, line === '20' ? 'libsql' : 'node:sqlite');
    });
  }

  it('recalls by meaning also where the native runtime cannot be loaded', async () => {
    const native = join(installed, 'dist', 'node_modules', 'onnxruntime-node', 'bin');
    await rename(native, `${native}.away`);
    try {
      const cli = await commandLine(process.execPath, join(folder, 'elsewhere-wasm'));
      assert.match(await cli('doctor'), /embedding +all-MiniLM-L6-v2\/q8 works \(wasm\)/);
      await recallByMeaning(process.execPath, join(folder, 'memory-wasm'));
    } finally {
      await rename(`${native}.away`, native);
    }
  });

  /** The installed program, in a folder of its own with next to no environment. @returns what it answers */
  async function commandLine(node: string, cwd: string): Promise<(...args: string[]) => Promise<string>> {
    await mkdir(cwd);
    const env = { PATH: process.env['PATH'], HOME: cwd, MEMORY_CENTRAL_HOME: join(cwd, 'data') };
    return async (...args) => {
      const program = join(installed, 'dist', 'cli.js');
      return (await promisify(execFile)(node, [program, ...args], { cwd, env })).stdout;
    };
  }

  /** Stores and searches with a real client, in words that share no stem. @returns the store's driver */
  async function recallByMeaning(node: string, home: string): Promise<string> {
    await mkdir(home);
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({
        command: node,
        args: [join(installed, 'dist', 'cli.js'), 'mcp'],
        cwd: home,
        env: { MEMORY_CENTRAL_HOME: join(home, 'data') },
        stderr: 'ignore',
      }),
    );
    try {
      const call = (name: string, input: Record<string, unknown>) =>
        callTool(client, name, input) as Promise<unknown> as Promise<Answer>;
      const { id } = await call('store_memory', { content: 'Invoices are rendered by a headless browser.' });
      await call('store_memory', { content: 'Coffee beans arrive every Monday.' });
      const driver = await until('all embeddings', async () => {
        const { pending_embeddings, mode, store } = await call('memory_stats', {});
        return pending_embeddings === 0 && mode === 'hybrid' ? store.driver : undefined;
      });
      const { memories } = await call('semantic_search', { query: 'how do we produce a bill as PDF' });
      assert.equal(memories[0]?.id, id);
      return driver;
    } finally {
      await client.close();
    }
  }
});

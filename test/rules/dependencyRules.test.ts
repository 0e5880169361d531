import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/main/assets.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

/** Each rule with files that break it: what is never tried may not work. */
const PLANTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-circles': {
    'src/engine/a.ts': `import { b } from './b.ts';\nexport const a = b;`,
    'src/engine/b.ts': `import { a } from './a.ts';\nexport const b = a;`,
  },
  'engine-is-pure': {
    'src/engine/a.ts': `import { readFileSync } from 'node:fs';\nexport const a = readFileSync;`,
  },
  'tools-see-engine': {
    'src/tools/a.ts': `import { b } from '../adapters/x/b.ts';\nexport const a = b;`,
    'src/adapters/x/b.ts': 'export const b = 1;',
  },
  'adapters-see-engine': {
    'src/adapters/x/a.ts': `import { b } from '../../tools/b.ts';\nexport const a = b;`,
    'src/tools/b.ts': 'export const b = 1;',
  },
  'adapters-stand-alone': {
    'src/adapters/x/a.ts': `import { b } from '../y/b.ts';\nexport const a = b;`,
    'src/adapters/y/b.ts': 'export const b = 1;',
  },
  'surfaces-see-tools': {
    'src/surfaces/mcp/a.ts': `import { b } from '../cli/b.ts';\nexport const a = b;`,
    'src/surfaces/cli/b.ts': 'export const b = 1;',
  },
  'http-knows-no-surface': {
    'src/surfaces/http/a.ts': `import { b } from '../mcp/b.ts';\nexport const a = b;`,
    'src/surfaces/mcp/b.ts': 'export const b = 1;',
  },
  'config-stands-alone': {
    'src/config/a.ts': `import { b } from '../tools/b.ts';\nexport const a = b;`,
    'src/tools/b.ts': 'export const b = 1;',
  },
  'vscode-in-the-editor-only': {
    'src/surfaces/mcp/a.ts': `import * as vscode from 'vscode';\nexport const a = vscode;`,
  },
  'webviews-know-messages-only': {
    'webview/x/a.ts': `import { b } from '../../src/surfaces/editor/b.ts';\nexport const a = b;`,
    'src/surfaces/editor/b.ts': 'export const b = 1;',
  },
  'messages-run-anywhere': {
    'src/surfaces/editor/webviews/messages/a.ts': `import { readFileSync } from 'node:fs';\nexport const a = readFileSync;`,
  },
  'webviews-are-bundles': {
    'src/surfaces/editor/a.ts': `import { b } from '../../../webview/x/b.ts';\nexport const a = b;`,
    'webview/x/b.ts': 'export const b = 1;',
  },
  'main-is-the-top': {
    'src/surfaces/mcp/a.ts': `import { b } from '../../main/b.ts';\nexport const a = b;`,
    'src/main/b.ts': 'export const b = 1;',
  },
  'no-test-in-src': {
    'src/main/a.ts': `import { b } from '../../test/b.ts';\nexport const a = b;`,
    'test/b.ts': 'export const b = 1;',
  },
};

async function violations(files: Readonly<Record<string, string>>): Promise<string> {
  await using folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  for (const part of ['src', 'webview']) await mkdir(join(folder.path, part), { recursive: true });
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    await cp(join(packageRoot, file), join(folder.path, file));
  }
  await symlink(join(packageRoot, 'node_modules'), join(folder.path, 'node_modules'), 'junction');
  const cruiser = join(packageRoot, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  return await promisify(execFile)(
    process.execPath,
    [cruiser, '--config', '.dependency-cruiser.cjs', 'src', 'webview'],
    {
      cwd: folder.path,
    },
  ).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

describe('dependency rules', function () {
  this.timeout(60_000);

  for (const [rule, files] of Object.entries(PLANTED)) {
    it(`${rule} catches a planted violation`, async () => {
      assert.match(await violations(files), new RegExp(`error ${rule}:`));
    });
  }

  it('are all tried', async () => {
    const { default: config } = (await import(join(packageRoot, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    assert.deepEqual(config.forbidden.map(rule => rule.name).sort(), Object.keys(PLANTED).sort());
  });
});

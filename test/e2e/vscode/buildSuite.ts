import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildWasm } from '../../../src/build/buildWasm.ts';
import { bundle } from '../../../src/build/bundle.ts';
import { packageRoot } from '../../../src/main/assets.ts';

const HERE = join(packageRoot, 'test', 'e2e', 'vscode');

export interface BuiltSuite {
  /** The module that runs in the extension host. */
  readonly suite: string;
  /** Folder of our extension. */
  readonly extension: string;
  /** Folder of an extension that registers a scripted language model. */
  readonly scriptedModel: string;
}

let built: Promise<BuiltSuite> | undefined;

/** Builds the extension, the suite and the scripted model from the present sources, once a test run. */
export function buildSuite(): Promise<BuiltSuite> {
  built ??= make();
  return built;
}

async function make(): Promise<BuiltSuite> {
  const out = join(packageRoot, '.cache', 'vscode');
  const model = join(out, 'scriptedModel');
  await mkdir(join(out, 'suite'), { recursive: true });
  await mkdir(model, { recursive: true });
  await buildWasm(join(packageRoot, 'dist'));
  await bundle();
  await writeFile(join(out, 'package.json'), '{ "type": "commonjs" }\n');
  await cp(join(HERE, 'scriptedModel', 'manifest.json'), join(model, 'package.json'));
  const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node22' } as const;
  const external = ['vscode', 'mocha'];
  await build({
    ...shared,
    external,
    entryPoints: [join(HERE, 'suite', 'run.ts')],
    outfile: join(out, 'suite', 'run.js'),
  });
  await build({
    ...shared,
    external,
    entryPoints: [join(HERE, 'scriptedModel', 'extension.ts')],
    outfile: join(model, 'extension.js'),
  });
  return { suite: join(out, 'suite', 'run.js'), extension: packageRoot, scriptedModel: model };
}

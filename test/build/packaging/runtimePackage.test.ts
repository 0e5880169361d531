import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimePackages } from '../../../src/build/packaging/runtimePackage.ts';
import { targets } from '../../../src/build/packaging/target.ts';
import { packageRoot } from '../../../src/main/assets.ts';

describe('what ships beside the bundles', () => {
  const { packages: locked } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8'));

  for (const target of targets) {
    it(`is locked, and all there, for ${target.name}`, () => {
      for (const { name, files } of runtimePackages(target)) {
        assert.ok(locked[`node_modules/${name}`], name);
        const folder = join(packageRoot, 'node_modules', name);
        // Parts for another platform are fetched when they are packed.
        if (name.startsWith('@libsql/')) continue;
        for (const file of files) assert.ok(existsSync(join(folder, file)), `${name}: ${file}`);
      }
    });
  }

  it('has the native runtime wherever there is one', () => {
    const bin = join(packageRoot, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
    const there = readdirSync(bin).flatMap(os => readdirSync(join(bin, os)).map(arch => `${os}/${arch}`));
    assert.deepEqual(new Set(targets.flatMap(({ onnx }) => onnx?.folder ?? [])), new Set(there));
  });
});

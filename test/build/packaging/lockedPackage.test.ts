import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { lockedPackage } from '../../../src/build/packaging/lockedPackage.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

/** Never installed on the platform that runs this. */
const OTHER = process.platform === 'win32' ? '@libsql/darwin-x64' : '@libsql/win32-x64-msvc';

describe('a package of the lockfile', () => {
  it('is taken as it is installed', async () => {
    await using folder = await temporaryFolder();
    assert.equal(await lockedPackage('libsql', folder.path), join(packageRoot, 'node_modules', 'libsql'));
  });

  it('is refused when the registry has something else under its name', async () => {
    await using folder = await temporaryFolder();
    await using registry = await lyingRegistry(OTHER, folder.path);
    const { npm_config_registry, npm_config_cache } = process.env;
    Object.assign(process.env, {
      npm_config_registry: registry.url,
      npm_config_cache: join(folder.path, 'npm'),
    });
    const cache = join(folder.path, 'fetched');
    try {
      await assert.rejects(lockedPackage(OTHER, cache), /is not the one of package-lock\.json/);
    } finally {
      restore({ npm_config_registry, npm_config_cache });
    }
    assert.deepEqual(await readdir(cache), []);
  });

  it('that the lockfile does not name is refused', async () => {
    await using folder = await temporaryFolder();
    await assert.rejects(lockedPackage('left-pad', folder.path), /package-lock\.json has no left-pad/);
  });
});

/** A registry whose own checksum fits what it sends, so that npm is content. */
async function lyingRegistry(name: string, folder: string): Promise<AsyncDisposable & { url: string }> {
  const lock = JSON.parse(await readFile(join(packageRoot, 'package-lock.json'), 'utf8'));
  const { version } = lock.packages[`node_modules/${name}`];
  await mkdir(join(folder, 'package'));
  await writeFile(join(folder, 'package', 'package.json'), JSON.stringify({ name, version }));
  execFileSync('tar', ['-czf', 'lie.tgz', 'package'], { cwd: folder });
  const archive = await readFile(join(folder, 'lie.tgz'));
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const server = createServer((request, response) => {
    if (request.url === '/lie.tgz') return response.end(archive);
    const dist = { tarball: `${url()}/lie.tgz`, integrity };
    return response.end(JSON.stringify({ name, versions: { [version]: { name, version, dist } } }));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    [Symbol.asyncDispose]: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function restore(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

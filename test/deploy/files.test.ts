import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../src/main/assets.ts';
import { deployTool } from '../fixtures/deployTool.ts';
import { dockerContext } from '../fixtures/dockerContext.ts';
import { DEPLOY } from '../fixtures/shippedRedis.ts';

const run = promisify(execFile);

/** Of what git knows, below these folders, with this ending. */
async function files(ending: string, ...folders: string[]): Promise<string[]> {
  const { stdout } = await run(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', ...folders],
    {
      cwd: packageRoot,
    },
  );
  return stdout.split('\n').filter(file => file.endsWith(ending));
}

describe('what deploy/ holds', function () {
  this.timeout(60_000);

  it('has shell scripts that ShellCheck finds nothing in, and that stop at the first failure', async () => {
    const scripts = await files('.sh', 'deploy', 'scripts');
    assert.ok(scripts.length >= 7);
    await run(await deployTool('shellcheck'), ['--external-sources', ...scripts], { cwd: packageRoot });
    for (const script of scripts.filter(file => file.startsWith('deploy/'))) {
      if (script === 'deploy/backup/scratch.sh') continue; // Sourced by two that do.
      assert.match(await readFile(join(packageRoot, script), 'utf8'), /^set -euo pipefail$/m, script);
      assert.ok((await stat(join(packageRoot, script))).mode & 0o100, script);
    }
  });

  it('has a Dockerfile that hadolint finds nothing in, for a user who is not root, with a pinned base', async () => {
    const file = join(DEPLOY, 'Dockerfile');
    await run(await deployTool('hadolint'), [file]);
    const text = await readFile(file, 'utf8');
    assert.match(text, /^USER 10001:10001$/m);
    for (const [, base] of text.matchAll(/^FROM (\S+)/gm))
      assert.match(base!, /^node:\d+\.\d+\.\d+-bookworm-slim$/);
    assert.match(text, /^HEALTHCHECK [\s\S]*\/v1\/health\/live/m);
  });

  it('has YAML and JSON that can be read', async () => {
    const yaml = [...(await files('.yaml', 'deploy')), ...(await files('.yml', 'deploy'))];
    assert.ok(yaml.length > 8);
    for (const file of yaml) {
      const documents = parseAllDocuments(await readFile(join(packageRoot, file), 'utf8'), { merge: true });
      for (const document of documents) assert.deepEqual(document.errors, [], file);
    }
    for (const file of await files('.json', 'deploy'))
      JSON.parse(await readFile(join(packageRoot, file), 'utf8'));
  });

  it('routes alerts as amtool says: critical ones to who is on call, others to the team', async () => {
    const file = join(DEPLOY, 'alertmanager', 'alertmanager.yml');
    await run('amtool', ['check-config', file]);
    const receiverOf = async (...labels: string[]) =>
      (await run('amtool', ['config', 'routes', 'test', `--config.file=${file}`, ...labels])).stdout.trim();
    assert.equal(await receiverOf('severity=critical', 'alertname=ApiDown'), 'on-call');
    assert.equal(await receiverOf('severity=warning', 'alertname=BackupOld'), 'team');
  });

  it('lets in the LAN alone by rules that ufw takes', async () => {
    const script = join(DEPLOY, 'firewall', 'ufw.sh');
    const { stdout } = await run(script, ['--dry-run'], { env: { ...process.env, LAN: '192.168.7.0/24' } });
    for (const port of [22, 8000, 9000, 16379])
      assert.match(stdout, new RegExp(`-p tcp --dport ${port} -s 192\\.168\\.7\\.0/24 -j ACCEPT`));
    assert.equal(stdout.match(/-j ACCEPT$/gm)!.filter(line => !line.includes('limit')).length >= 4, true);
    assert.ok(!/-s 0\.0\.0\.0\/0 -j ACCEPT/.test(stdout));
    await assert.rejects(run(script, ['--now']), ({ code }) => code === 2);
  });
});

describe('.dockerignore', () => {
  it('lets in what the image is built from, and no secret, test or tool', async () => {
    const names = await readdir(packageRoot);
    for (const pattern of await dockerContext()) {
      assert.ok(
        names.some(name => pattern.test(name)),
        `${pattern}`,
      );
      for (const secret of ['.env', '.git', 'deploy', 'test', 'node_modules', '.cache', 'dist'])
        assert.doesNotMatch(secret, pattern);
    }
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../src/main/assets.ts';
import { kubectl } from '../fixtures/deployTool.ts';
import { pythonEnvironment } from '../fixtures/pythonEnvironment.ts';
import { DEPLOY } from '../fixtures/shippedRedis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const run = promisify(execFile);
/** The oldest that is maintained, and the newest that there are schemas of. */
const VERSIONS = ['1.33', '1.37'];

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has another form, and the schemas have been checked.
  readonly spec: any;
}

describe('deploy/kustomization.yaml', function () {
  this.timeout(90_000);
  let rendered = '';
  let resources: Resource[];
  const named = (kind: string, name: string) =>
    resources.find(one => one.kind === kind && one.metadata.name === name)!.spec;

  before(async () => {
    await using folder = await temporaryFolder();
    const deploy = join(folder.path, 'deploy');
    await cp(DEPLOY, deploy, { recursive: true });
    const example = await readFile(join(deploy, 'kubernetes', 'secrets.env.example'), 'utf8');
    await writeFile(join(deploy, 'kubernetes', 'secrets.env'), example.replace(/=$/gm, '=a-secret'));
    const { stdout } = await run(await kubectl(), ['kustomize', deploy], { maxBuffer: 1 << 24 });
    rendered = stdout;
    resources = parseAllDocuments(stdout).map(one => one.toJS() as Resource);
  });

  it(`is rendered by kubectl, and valid by the strict schemas of Kubernetes ${VERSIONS.join(' and ')}`, async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'all.yaml');
    await writeFile(file, rendered);
    const python = pythonEnvironment('kubernetes-validate-1.37.0', ['kubernetes-validate==1.37.0']);
    const validate = join(dirname(python), 'kubernetes-validate');
    for (const version of VERSIONS) {
      const { stdout, stderr } = await run(validate, ['--strict', '-k', version, file]);
      assert.equal((stdout + stderr).match(/passed for resource/g)!.length, resources.length);
    }
    assert.deepEqual(resources.map(({ kind }) => kind).sort(), [
      ...['ConfigMap', 'ConfigMap', 'ConfigMap', 'CronJob', 'Deployment', 'Deployment', 'Namespace'],
      ...['NetworkPolicy', 'NetworkPolicy', 'NetworkPolicy', 'NetworkPolicy', 'PersistentVolumeClaim'],
      ...['PodDisruptionBudget', 'Secret', 'Service', 'Service', 'StatefulSet'],
    ]);
  });

  it('replaces servers one by one, each only when the next is ready, with time to leave', () => {
    const server = named('Deployment', 'server');
    assert.ok(server.replicas >= 2);
    assert.deepEqual(server.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    assert.equal(named('PodDisruptionBudget', 'server').minAvailable, 1);
    const [container] = server.template.spec.containers;
    assert.equal(container.readinessProbe.httpGet.path, '/v1/health/ready');
    assert.equal(container.livenessProbe.httpGet.path, '/v1/health/live');
    const settings = resources.find(one => one.metadata.name.startsWith('settings-'))!;
    const { API_DRAIN_SECONDS: drain, MCP_SESSIONS } = (
      settings as unknown as { data: Record<string, string> }
    ).data as Record<string, string>;
    const { periodSeconds, failureThreshold } = container.readinessProbe;
    assert.ok(Number(drain) > periodSeconds * failureThreshold);
    assert.ok(server.template.spec.terminationGracePeriodSeconds > Number(drain) + 10);
    assert.equal(MCP_SESSIONS, 'false');
  });

  it('runs nothing as root, nothing that may become more, and keeps secrets in a Secret', () => {
    const pods = [
      named('Deployment', 'server').template,
      named('Deployment', 'worker').template,
      named('StatefulSet', 'redis').template,
      named('CronJob', 'backup').jobTemplate.spec.template,
    ];
    for (const { spec } of pods) {
      assert.equal(spec.securityContext.runAsNonRoot, true);
      assert.equal(spec.automountServiceAccountToken, false);
      for (const container of spec.containers) {
        assert.equal(container.securityContext.allowPrivilegeEscalation, false);
        assert.equal(container.securityContext.readOnlyRootFilesystem, true);
        assert.deepEqual(container.securityContext.capabilities.drop, ['ALL']);
        assert.ok(container.resources.limits.memory, container.name);
      }
    }
    const secret = resources.find(({ kind }) => kind === 'Secret')! as unknown as {
      data: Record<string, string>;
    };
    const value = Buffer.from('a-secret').toString('base64');
    assert.ok(Object.values(secret.data).every(one => one === value));
    assert.equal(rendered.split(value).length - 1, Object.keys(secret.data).length);
    assert.ok(!rendered.includes('a-secret'));
  });

  it('has no secret that git would take', async () => {
    const path = join(DEPLOY, 'kubernetes', 'secrets.env');
    await run('git', ['check-ignore', '--quiet', path], { cwd: packageRoot });
  });
});

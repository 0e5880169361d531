import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { packageRoot } from '../../src/main/assets.ts';
import { prometheusProgram } from '../fixtures/prometheus.ts';

const run = promisify(execFile);
const FOLDER = join(packageRoot, 'deploy', 'prometheus');

interface Rule {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

async function promtool(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(await prometheusProgram('promtool'), args, { cwd: FOLDER });
  return stdout + stderr;
}

async function rules(): Promise<readonly Rule[]> {
  const { groups } = parse(await readFile(join(FOLDER, 'alerts.yml'), 'utf8')) as {
    groups: { rules: Rule[] }[];
  };
  return groups.flatMap(group => group.rules);
}

describe('deploy/prometheus', () => {
  it('is a configuration with rules that Prometheus takes', async () => {
    const count = (await rules()).length;
    assert.match(await promtool('check', 'config', 'prometheus.yml'), new RegExp(`${count} rules found`));
  });

  it('fires each alert after its time, and not before', async () => {
    assert.match(await promtool('test', 'rules', 'alerts.test.yml'), /SUCCESS/);
    const tested = await readFile(join(FOLDER, 'alerts.test.yml'), 'utf8');
    for (const { alert } of await rules()) {
      assert.match(tested, new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n`), `${alert} never fires`);
      assert.match(
        tested,
        new RegExp(`alertname: ${alert}, exp_alerts: \\[\\]`),
        `${alert} is never seen to wait`,
      );
    }
  });

  it('says of each alert how urgent it is, what happened, and what to do', async () => {
    const page = await readFile(join(packageRoot, 'docs', 'monitoring.md'), 'utf8');
    const headings = new Set([...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name!));
    const found = await rules();
    for (const { alert, labels, annotations } of found) {
      assert.match(labels.severity, /^(critical|warning)$/);
      assert.match(annotations.summary, /\.$/);
      assert.equal(annotations.runbook, `docs/monitoring.md#${alert.toLowerCase()}`);
    }
    assert.deepEqual(headings, new Set(found.map(({ alert }) => alert)));
  });
});

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../../src/main/assets.ts';
import { type Host, startLan } from '../../fixtures/lan.ts';
import type { Said, Shown } from '../../fixtures/lanEditor.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const CUT_MS = process.env['CHAOS'] === 'full' ? 60_000 : 3_000;
const AROUND_MS = 1_000;
const NAMES = ['laptop', 'desk'];

describe('a network that is cut under load', function () {
  this.timeout(CUT_MS + 120_000);

  it('costs nothing that was acknowledged on either side, and both show the same once it is back', async () => {
    await using folder = await temporaryFolder();
    await using lan = await startLan(NAMES.length);
    const said: Said[] = [];
    const machines = await Promise.all(
      NAMES.map((name, i) => startEditor(lan.hosts[i]!, join(folder.path, `${name}.db`), name, said)),
    );
    await sleep(AROUND_MS);
    const before = said.length;
    await lan.hosts[0]!.cut();
    await sleep(CUT_MS);
    const meanwhile = said.slice(before);
    await lan.hosts[0]!.mend();
    await sleep(AROUND_MS);
    for (const machine of machines) {
      const stopped = once(machine, 'stopped');
      machine.send('stop');
      await stopped;
    }
    // Both have brought what waited before any is asked what it shows.
    for (const machine of machines) await show(machine, []);
    const shown: Shown[] = [];
    for (const machine of machines) shown.push(await show(machine, said));
    for (const one of shown) assert.deepEqual([one.missing, one.problems], [[], []]);
    assert.deepEqual(shown[0]!.shown, shown[1]!.shown);
    const counts = NAMES.map(name => meanwhile.filter(([, text]) => text.startsWith(name)).length);
    assert.ok(Math.min(...counts) > 0, `both wrote meanwhile: ${counts}`);
    const longest = Math.max(...shown.map(one => one.longestMs));
    console.log(
      `      cut for ${CUT_MS / 1e3} s in ${lan.poorer ? `lines on loopback (${lan.poorer})` : 'network namespaces'}: ${said.length} acknowledged, ${counts.join(' and ')} meanwhile; longest wait ${longest.toFixed(0)} ms`,
    );
    for (const machine of machines) {
      const ended = once(machine, 'exit');
      machine.disconnect();
      await ended;
    }
  });
});

/** @param said takes what is acknowledged */
async function startEditor(host: Host, path: string, name: string, said: Said[]): Promise<ChildProcess> {
  const [execPath, ...execArgv] = [...host.command, process.execPath, '--import', 'tsx'];
  const child = fork(join(packageRoot, 'test', 'fixtures', 'lanEditor.ts'), [path, host.url, name], {
    execPath: execPath!,
    execArgv,
    cwd: packageRoot,
  });
  child.on('message', (message: 'ready' | 'stopped' | Said | Shown) => {
    if (typeof message === 'string') child.emit(message);
    else if (Array.isArray(message)) said.push(message as Said);
    else child.emit('shown', message);
  });
  await once(child, 'ready');
  return child;
}

async function show(machine: ChildProcess, said: readonly Said[]): Promise<Shown> {
  const shown = once(machine, 'shown');
  machine.send(said);
  return (await shown)[0] as Shown;
}

import assert from 'node:assert/strict';
import type { WorkEvent } from '../../src/engine/ports/eventBus.ts';
import { EngineWorker } from '../../src/main/engineWorkerHost.ts';
import type {
  FromWorker,
  RequestName,
  Requests,
  Team,
} from '../../src/surfaces/editor/engine/engineMessages.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

/** The engine's side of a window, as its extension host speaks with it. */
function openWindow(instance: string) {
  const events: WorkEvent[] = [];
  const pending = new Map<number, (message: FromWorker) => void>();
  let lastId = 0;
  const worker = new EngineWorker({ overrides: { 'embedding.provider': 'off' } }, message => {
    if (message.kind === 'event') events.push(message.event);
    if (message.kind === 'answer' || message.kind === 'failure') pending.get(message.id)?.(message);
  });
  const request = <N extends RequestName>(name: N, input: Requests[N]['input']) =>
    new Promise<Requests[N]['answer']>((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, message => {
        if (message.kind === 'answer') resolve(message.value as Requests[N]['answer']);
        else reject(new Error(JSON.stringify(message)));
      });
      worker.receive({ kind: 'request', id, name, input } as never);
    });
  const principal = { id: 'ada@tower/vscode', client: 'vscode' };
  const caller = { principal, instance, namespace: 'shop', lasting: true };
  return {
    events,
    call: (tool: string, input: object, readOnly = false) =>
      request('callTool', { tool, input, caller, readOnly }),
    team: (): Promise<Team> => request('team', { caller }),
    page: () => request('readPage', { page: { kind: 'tasks', namespace: 'shop' }, caller }),
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

describe('the engine of a window', function () {
  this.timeout(30_000);
  const before = process.env['MEMORY_CENTRAL_HOME'];
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
    process.env['MEMORY_CENTRAL_HOME'] = folder.path;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['MEMORY_CENTRAL_HOME'];
    else process.env['MEMORY_CENTRAL_HOME'] = before;
    await folder[Symbol.asyncDispose]();
  });

  it('is an agent from its first call on, and gone when the window closes', async () => {
    await using one = openWindow('one');
    const here = async () => (await one.team()).agents.length;
    assert.equal(await here(), 0);
    await one.call('memory_stats', {});
    await until(async () => (await here()) === 1);
    {
      await using two = openWindow('two');
      await two.call('memory_stats', {});
      await until(async () => (await here()) === 2);
      const { agents, self } = await one.team();
      assert.equal(new Set(agents.map(agent => agent.name)).size, 2);
      assert.ok(agents.some(agent => agent.id === self));
    }
    assert.equal(await here(), 1);
  });

  it('hears what another one does', async () => {
    await using one = openWindow('one');
    await using two = openWindow('two');
    await one.call('memory_stats', {});
    const title = 'Mend the build';
    // Its listening begins on its own.
    await until(async () => {
      await two.call('distribute_task', { title, idempotency_key: String(Math.random()) });
      return one.events.some(event => event.type === 'task' && event.change === 'ready');
    });
    assert.match(await one.page(), /\[ready\] Mend the build/);
  });

  it('is no agent while its workspace is not trusted', async () => {
    await using one = openWindow('one');
    await one.call('memory_stats', {}, true);
    await using two = openWindow('two');
    await two.call('memory_stats', {});
    // The second would come later.
    await until(async () => (await two.team()).agents.length > 0);
    const { agents, self } = await two.team();
    assert.deepEqual(
      agents.map(agent => agent.id),
      [self],
    );
    await assert.rejects(one.call('distribute_task', { title: 'x' }, true), /not trusted/);
  });
});

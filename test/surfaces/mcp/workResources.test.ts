import assert from 'node:assert/strict';
import type { Client } from '@modelcontextprotocol/client';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { parseWorkUri, workUri } from '../../../src/surfaces/mcp/workUri.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { type HttpMemory, httpMemory } from '../../fixtures/httpMemory.ts';
import { clientOf, ERAS } from '../../fixtures/mcpClient.ts';
import { until } from '../../fixtures/until.ts';

const NAMESPACE = 'github.com/ada/shop';
const gemini: Caller = { ...callerNamed('gemini', NAMESPACE), lasting: true };

async function readText(client: Client, uri: string): Promise<string> {
  return ((await client.readResource({ uri })).contents[0] as { text: string }).text;
}

/** A client of the namespace that has subscribed to these, and whose stream has begun to tell. */
async function subscribed(memory: HttpMemory, era: (typeof ERAS)[number], uris: readonly string[]) {
  const client = clientOf(era, 'codex');
  const updated: string[] = [];
  client.setNotificationHandler(
    'notifications/resources/updated',
    ({ params }) => void updated.push(params.uri),
  );
  await client.connect(memory.transport(NAMESPACE));
  // The stream of a session opens on its own: a task that is nobody's is submitted until it is heard of.
  const all = [...uris, workUri('tasks', 'warming')];
  if (era === '2025-11-25') for (const uri of all) await client.subscribeResource({ uri });
  else await client.listen({ resourceSubscriptions: all });
  await until(async () => {
    await memory.engine.tasks.submit({ title: 'Warm up', namespace: 'warming' }, gemini);
    return updated.length > 0;
  });
  return { client, updated };
}

describe('addresses of what agents do together', () => {
  it('are read back as they were, whatever the names hold', () => {
    for (const [namespace, id] of [
      ['global', '1'],
      [NAMESPACE, 'a/b?c#d%20'],
    ] as const)
      assert.deepEqual(parseWorkUri(workUri('task', namespace, id)), {
        ...{ kind: 'task', namespace, id, json: false },
      });
    assert.deepEqual(parseWorkUri(`${workUri('agents', NAMESPACE)}?as=json`), {
      ...{ kind: 'agents', namespace: NAMESPACE, json: true },
    });
  });

  it('are refused in every other form', () => {
    for (const uri of [
      ...['memory-central://tasks', 'memory-central://tasks/a/b', 'memory-central://task/a'],
      ...['memory-central://tasks/%', 'memory-central://tasks/a%2Cb', 'memory-central://tasks/a?as=xml'],
      ...['memory-central://secrets/a', 'memory://tasks/a'],
    ])
      assert.throws(() => parseWorkUri(uri), /no address of tasks/, uri);
  });
});

describe('tasks, agents and contexts as resources', function () {
  this.timeout(60_000);

  it('are read as Markdown, or as JSON', async () => {
    await using memory = await httpMemory();
    const { task } = await memory.engine.tasks.submit(
      { title: 'Mend the build', description: 'It fails on Windows.', capabilities: ['windows'] },
      gemini,
    );
    const client = clientOf('2026-07-28', 'codex');
    await client.connect(memory.transport(NAMESPACE));
    const tasks = await readText(client, workUri('tasks', NAMESPACE));
    assert.equal(tasks, `1 ready\n\n- [ready] Mend the build (${task.id}): no agent with capability windows`);
    const page = await readText(client, workUri('task', NAMESPACE, task.id));
    assert.match(page, /^# Mend the build\n\n- State: ready: no agent with capability windows\n/);
    assert.match(page, /It fails on Windows\.\n\n## History\n\n- \S+ submit by Gemini/i);
    const json = JSON.parse(await readText(client, `${workUri('task', NAMESPACE, task.id)}?as=json`));
    assert.equal(json.task.id, task.id);
    assert.equal(json.history.length, 1);
    assert.match(await readText(client, workUri('agents', NAMESPACE)), /^- gemini on .*: online, idle/i);
    assert.match(await readText(client, workUri('contexts', NAMESPACE)), /^Nothing is shared with you/);
    await assert.rejects(client.readResource({ uri: workUri('task', NAMESPACE, 'none') }), /not_found/);
    await assert.rejects(client.readResource({ uri: 'memory-central://tasks' }), /invalid_input/);
    await client.close();
  });

  it('show a task as it went, with its result', async () => {
    await using memory = await httpMemory();
    const { tasks } = memory.engine;
    const { task } = await tasks.submit({ title: 'Count the files' }, gemini);
    await tasks.claim({ namespace: NAMESPACE, limit: 1 }, gemini);
    await tasks.progress({ id: task.id }, { progress: 50, note: 'half way' }, gemini);
    await tasks.complete({ id: task.id }, { summary: 'There are\n42 files.' }, { seconds: 3 }, gemini);
    const client = clientOf('2026-07-28', 'codex');
    await client.connect(memory.transport(NAMESPACE));
    const page = await readText(client, workUri('task', NAMESPACE, task.id));
    assert.match(page, /## Result\n\n> There are\n> 42 files\.\n/);
    assert.match(page, /## Metrics\n\n```json\n\{\n {2}"seconds": 3\n\}\n```/);
    assert.match(page, /claim by .*: leased\n.*complete by .*: completed$/s);
    await client.close();
  });

  it('name what can be asked for', async () => {
    await using memory = await httpMemory();
    const { task } = await memory.engine.tasks.submit({ title: 'Mend the build' }, gemini);
    const client = clientOf('2026-07-28', 'codex');
    await client.connect(memory.transport(NAMESPACE));
    const ref = { type: 'ref/resource', uri: 'memory-central://task/{namespace}/{id}{?as}' } as const;
    const complete = async (name: string, value: string) =>
      (await client.complete({ ref, argument: { name, value } })).completion.values;
    assert.deepEqual(await complete('namespace', 'github'), [NAMESPACE]);
    assert.deepEqual(await complete('id', task.id.slice(0, 8)), [task.id]);
    await client.close();
  });

  for (const era of ERAS) {
    it(`are told of to a client of ${era} as they change, each by its own address`, async () => {
      await using memory = await httpMemory();
      const { contexts, tasks } = memory.engine;
      const { task } = await tasks.submit({ title: 'First' }, gemini);
      const [list, one, other] = [
        workUri('tasks', NAMESPACE),
        workUri('task', NAMESPACE, task.id),
        workUri('task', NAMESPACE, 'other'),
      ];
      const uris = [list, one, other, workUri('contexts', NAMESPACE)];
      const { client, updated } = await subscribed(memory, era, uris);
      updated.length = 0;
      await tasks.claim({ namespace: NAMESPACE, limit: 1 }, gemini);
      await until(() => updated.includes(list) && updated.includes(one));
      updated.length = 0;
      await contexts.share({ to: ['codex'], topic: 'build', content: 'It is the linker.' }, gemini);
      await until(() => updated.includes(workUri('contexts', NAMESPACE)));
      assert.ok(!updated.includes(other) && !updated.includes(one));
      await client.close();
    });
  }

  it('are not told of to whom they are not shared with', async () => {
    await using memory = await httpMemory();
    const { contexts } = memory.engine;
    const [mine, tasks] = [workUri('contexts', NAMESPACE), workUri('tasks', NAMESPACE)];
    const { client, updated } = await subscribed(memory, '2025-11-25', [mine, tasks]);
    updated.length = 0;
    await contexts.share({ to: ['vscode'], topic: 'build', content: 'For the editor only.' }, gemini);
    // What comes later is heard, so the first was not told at all.
    await memory.engine.tasks.submit({ title: 'Later' }, gemini);
    await until(() => updated.includes(tasks));
    assert.ok(!updated.includes(mine));
    await client.close();
  });
});

import assert from 'node:assert/strict';
import { SCOPES } from '../../../src/engine/model/rights.ts';
import { engineWork } from '../../../src/surfaces/mcp/engineWork.ts';
import { type Client, type McpWork, RESOURCE_LIST } from '../../../src/surfaces/mcp/mcpWork.ts';
import { memoryUri } from '../../../src/surfaces/mcp/memoryUri.ts';
import { workUri } from '../../../src/surfaces/mcp/workUri.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import { silent } from '../../fixtures/logger.ts';
import { type OpenTools, openTools } from '../../fixtures/openTools.ts';
import { type Filled, fillNamespace } from '../../fixtures/rights/fillNamespace.ts';
import { assertSilent, secretsOf } from '../../fixtures/rights/outside.ts';
import { OWNERS, withRights } from '../../fixtures/rights/owners.ts';
import { until } from '../../fixtures/until.ts';

const client: Client = { name: 'rest', roots: async () => [] };

/** Requests of a session whose token reaches `ns-shop` alone. */
function workOf({ engine }: OpenTools, scopes = SCOPES): McpWork {
  const who = withRights({ scopes, namespaces: ['ns-shop'] });
  return engineWork({
    call: callToolsOn(async () => engine),
    engine: async () => engine,
    caller: () => who,
    logger: silent,
  });
}

function uris({ namespace, ids }: Filled): readonly string[] {
  const lists = (['tasks', 'agents', 'contexts'] as const).flatMap(kind => [
    workUri(kind, namespace),
    `${workUri(kind, namespace)}?as=json`,
  ]);
  return [
    ...ids.memory.map(id => memoryUri(namespace, id)),
    ...ids.memory.map(id => memoryUri('ns-shop', id)),
    ...ids.task.map(id => workUri('task', namespace, id)),
    ...lists,
  ];
}

const answerOf = (work: Promise<unknown>): Promise<string> =>
  work.then(JSON.stringify, (error: Error) => error.message);

describe('a token that is bound to a namespace, over MCP', () => {
  it('is shown and completed nothing from outside', async () => {
    await using memory = await openTools();
    const inside = await fillNamespace(memory.engine, 'ns-shop', OWNERS);
    const outside = await fillNamespace(memory.engine, 'ns-lab', OWNERS);
    const elsewhere = await fillNamespace(memory.engine, 'global', OWNERS);
    const secrets = secretsOf([outside, elsewhere], [inside]);
    const work = workOf(memory);
    assertSilent(await answerOf(work.listResources(client)), '', secrets, 'the list');
    for (const uri of ['memory://recent', ...[outside, elsewhere, inside].flatMap(uris)])
      assertSilent(await answerOf(work.readResource(uri, client)), uri, secrets, 'a resource');
    const templates = ['memory://{namespace}/{id}', workUri('task', 'x', 'y')];
    for (const uri of templates)
      for (const name of ['namespace', 'id', 'topic'])
        for (const namespace of [undefined, 'ns-shop', 'ns-lab', 'global', 'ns-empty']) {
          const params = {
            ref: { type: 'ref/resource' as const, uri },
            argument: { name, value: '' },
            ...(namespace !== undefined && { context: { arguments: { namespace } } }),
          };
          const asked = `${namespace}`;
          const completion = work.complete(params, client);
          assertSilent(await answerOf(completion), asked, secrets, 'a completion');
          // Be there anything in it or not.
          const isNamed = namespace !== undefined && namespace !== 'ns-shop' && name !== 'namespace';
          if (isNamed) await assert.rejects(completion, /does not reach the namespace/);
        }
    const recent = await answerOf(work.readResource('memory://recent', client));
    assert.ok(recent.includes(inside.ids.memory[0]!) || recent.includes('words'), recent);
  });

  it('hears of no change outside', async () => {
    await using memory = await openTools();
    const outside = await fillNamespace(memory.engine, 'ns-lab', OWNERS);
    await fillNamespace(memory.engine, 'ns-shop', OWNERS);
    const heard: string[] = [];
    const watch = await workOf(memory).watchResources(client, uri => heard.push(uri));
    for (const kind of ['tasks', 'agents', 'contexts'] as const) {
      await assert.rejects(watch.add(workUri(kind, 'ns-lab')));
      await watch.add(workUri(kind, 'ns-shop'));
    }
    for (const id of outside.ids.memory) await watch.add(memoryUri('ns-lab', id)).catch(() => {});
    await watch.add(RESOURCE_LIST);
    await watch.add('memory://recent');
    await fillNamespace(memory.engine, 'ns-vault', OWNERS);
    const change = (namespace: string, memory_id: string) =>
      memory.as({ ...OWNERS[0]!, namespace }).call('update_memory', { memory_id, content: 'changed' });
    await change('ns-lab', outside.ids.memory[0]!);
    // What comes after all of it is heard; so what came before would have been.
    await memory.as({ ...OWNERS[0]!, namespace: 'ns-shop' }).call('distribute_task', { title: 'new' });
    await memory.as({ ...OWNERS[0]!, namespace: 'ns-shop' }).call('store_memory', { content: 'the last' });
    await until(() => heard.includes(RESOURCE_LIST) && heard.includes(workUri('tasks', 'ns-shop')));
    assert.deepEqual([...new Set(heard)].sort(), [
      ...[workUri('tasks', 'ns-shop'), 'memory://recent', RESOURCE_LIST].sort(),
    ]);
    watch[Symbol.dispose]();
  });

  it('reads no resource without the scope', async () => {
    await using memory = await openTools();
    const work = workOf(memory, ['write', 'tasks', 'admin'] as never);
    for (const asked of [
      work.listResources(client),
      work.readResource('memory://recent', client),
      work.watchResources(client, () => {}),
    ])
      await assert.rejects(asked, /scope "read"/);
  });
});

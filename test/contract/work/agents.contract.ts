import assert from 'node:assert/strict';
import { type NewAgent, OFFLINE_MS, STALE_MS } from '../../../src/engine/model/agent.ts';
import { FORGOTTEN_MS } from '../../../src/engine/ports/agentStore.ts';
import { type OpenWork, told } from '../../fixtures/openWork.ts';
import { refuses } from '../records/refuses.ts';

const HOSTILE = 'naïve 🦊 "\\ \': {}%*?[\t\n<b>–- {}; DROP TABLE agents';

export const agent: NewAgent = {
  namespace: 'team/a',
  id: 'claude-1',
  name: 'Claude Code on laptop',
  type: 'claude',
  capabilities: ['review', 'typescript'],
  contextWindow: 200_000,
  owner: 'ann@laptop/claude-code',
  client: 'claude-code',
  machine: 'laptop',
  pid: 4711,
  metadata: { version: '2', nested: { list: [], deep: [1, null, 'ü'] }, none: {} },
  status: 'idle',
  load: 0,
  currentTask: null,
};

/** What every AgentStore must do. @param open an empty one */
export function agentsContract(name: string, open: () => Promise<OpenWork>): void {
  const event = (change: string, { namespace, id }: Pick<NewAgent, 'namespace' | 'id'> = agent) => ({
    type: 'agent' as const,
    namespace,
    subject: id,
    change,
    agent: id,
  });

  describe(`${name} is an AgentStore`, () => {
    it('returns an agent as it was registered, to every process', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      const { registeredAt, heartbeatAt, presence, ...kept } = await agents.register(agent);
      assert.deepEqual(kept, agent);
      assert.equal(presence, 'online');
      assert.equal(registeredAt, heartbeatAt);
      assert.ok(registeredAt > 0);
      assert.deepEqual(await opened.others.agents.get(agent), {
        ...agent,
        registeredAt,
        heartbeatAt,
        presence,
      });
      const bare = { ...agent, id: 'bare', capabilities: [], contextWindow: null, pid: null, metadata: {} };
      await agents.register(bare);
      const [found] = (await agents.list([agent.namespace])).filter(({ id }) => id === 'bare');
      assert.deepEqual(
        [found!.capabilities, found!.contextWindow, found!.pid, found!.metadata],
        [[], null, null, {}],
      );
      assert.equal(await agents.get({ ...agent, id: 'nobody' }), undefined);
      assert.equal(await agents.get({ ...agent, namespace: 'team/b' }), undefined);
    });

    it('takes one that comes back for the same', async () => {
      await using opened = await open();
      const first = await opened.work.agents.register(agent);
      await opened.elapse(OFFLINE_MS);
      await opened.work.agents.takeSilent();
      const again = { ...agent, name: 'Renamed', capabilities: ['go'], pid: 4712, currentTask: 't' };
      const { registeredAt, heartbeatAt, presence, ...kept } = await opened.others.agents.register(again);
      assert.deepEqual(kept, again);
      assert.equal(registeredAt, first.registeredAt);
      assert.equal(presence, 'online');
      assert.deepEqual(await opened.work.agents.list(undefined), [
        { ...again, registeredAt, heartbeatAt, presence },
      ]);
      assert.deepEqual(await told(opened), [event('online'), event('offline'), event('online')]);
    });

    it("leaves another principal's agent alone", async () => {
      await using opened = await open();
      const { agents } = opened.work;
      await agents.register(agent);
      const before = (await agents.get(agent))!;
      await refuses(
        'forbidden',
        agents.register({ ...agent, owner: 'bob@laptop/claude-code', name: 'mine' }),
      );
      await refuses('forbidden', agents.heartbeat(agent, 'bob@laptop/claude-code', { status: 'mine' }));
      await refuses('forbidden', agents.remove(agent, 'bob@laptop/claude-code'));
      assert.deepEqual(await agents.get(agent), before);
      const same = await agents.register({ ...agent, namespace: 'team/b', owner: 'bob@laptop/claude-code' });
      assert.equal(same.owner, 'bob@laptop/claude-code');
      assert.equal((await agents.get(agent))?.owner, agent.owner);
    });

    it('keeps what a heartbeat says, and what it leaves out', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      const { registeredAt } = await agents.register(agent);
      await agents.heartbeat(agent, agent.owner, { status: 'busy', load: 0.75, currentTask: 'task 7' });
      const { heartbeatAt, ...kept } = await opened.others.agents.heartbeat(agent, agent.owner, {
        load: 0.5,
      });
      const expected = { ...agent, status: 'busy', load: 0.5, currentTask: 'task 7', registeredAt };
      assert.deepEqual(kept, { ...expected, presence: 'online' });
      assert.ok(heartbeatAt >= registeredAt);
      const done = await agents.heartbeat(agent, agent.owner, { status: 'idle', currentTask: null });
      assert.deepEqual([done.status, done.load, done.currentTask], ['idle', 0.5, null]);
      await refuses('not_found', agents.heartbeat({ ...agent, id: 'nobody' }, agent.owner, {}));
      // Who lives on is no news.
      assert.deepEqual(await told(opened), [event('online')]);
    });

    it("tells by the store's time who is stale and who is offline", async () => {
      await using opened = await open();
      const { agents } = opened.work;
      await agents.register({ ...agent, id: 'quiet' });
      await agents.register({ ...agent, id: 'lively' });
      const presences = async () => (await agents.list(['team/a'])).map(({ id, presence }) => [id, presence]);
      await opened.elapse(STALE_MS);
      await agents.heartbeat({ ...agent, id: 'lively' }, agent.owner, {});
      assert.deepEqual(await presences(), [
        ['lively', 'online'],
        ['quiet', 'stale'],
      ]);
      await opened.elapse(OFFLINE_MS - STALE_MS);
      assert.deepEqual(await presences(), [
        ['lively', 'stale'],
        ['quiet', 'offline'],
      ]);
      const back = await agents.heartbeat({ ...agent, id: 'quiet' }, agent.owner, {});
      assert.equal(back.presence, 'online');
      assert.deepEqual(await agents.takeSilent(), []);
    });

    it('gives each that fell silent to one process only', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      const ids = Array.from({ length: 20 }, (_, i) => `agent ${i}`);
      for (const id of ids) await agents.register({ ...agent, id, currentTask: `of ${id}` });
      assert.deepEqual(await agents.takeSilent(), []);
      await opened.elapse(OFFLINE_MS);
      await agents.register({ ...agent, id: 'lively' });
      const stores = [opened.work, opened.others, opened.work, opened.others];
      const taken = (await Promise.all(stores.map(({ agents }) => agents.takeSilent()))).flat();
      assert.deepEqual(taken.map(({ id }) => id).sort(), ids.toSorted());
      assert.ok(
        taken.every(({ id, currentTask, presence }) => currentTask === `of ${id}` && presence === 'offline'),
      );
      assert.deepEqual(await agents.takeSilent(), []);
      assert.equal((await agents.list(['team/a'])).length, ids.length + 1);
      const offline = (await told(opened)).filter(
        ({ type, ...rest }) => type === 'agent' && 'change' in rest && rest.change === 'offline',
      );
      assert.equal(offline.length, ids.length);
      const key = { ...agent, id: ids[0]! };
      await agents.heartbeat(key, agent.owner, {});
      assert.deepEqual((await told(opened)).at(-1), event('online', key));
      await opened.elapse(OFFLINE_MS);
      assert.deepEqual((await agents.takeSilent()).map(({ id }) => id).sort(), [key.id, 'lively']);
    });

    it('forgets who was silent for a day, after having given it once', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      await agents.register({ ...agent, id: 'told' });
      await opened.elapse(OFFLINE_MS);
      await agents.takeSilent();
      await agents.register({ ...agent, id: 'untold' });
      await opened.elapse(FORGOTTEN_MS - OFFLINE_MS - 10_000);
      assert.deepEqual(
        (await agents.list(undefined)).map(({ id }) => id),
        ['told', 'untold'],
      );
      await opened.elapse(OFFLINE_MS + 10_000);
      assert.deepEqual(await agents.list(undefined), []);
      assert.equal(await agents.get({ ...agent, id: 'untold' }), undefined);
      await refuses('not_found', agents.heartbeat({ ...agent, id: 'untold' }, agent.owner, {}));
      assert.equal(await agents.remove({ ...agent, id: 'untold' }, agent.owner), false);
      assert.deepEqual(
        (await agents.takeSilent()).map(({ id }) => id),
        ['untold'],
      );
      assert.deepEqual(await agents.takeSilent(), []);
      const another = await agents.register({ ...agent, id: 'told', owner: 'bob' });
      assert.equal(another.owner, 'bob');
      assert.equal(another.registeredAt, another.heartbeatAt);
    });

    it('removes one once', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      await agents.register(agent);
      assert.equal(await opened.others.agents.remove(agent, agent.owner), true);
      assert.equal(await agents.remove(agent, agent.owner), false);
      assert.deepEqual(await agents.list(undefined), []);
      assert.equal(await agents.get(agent), undefined);
      await opened.elapse(OFFLINE_MS);
      assert.deepEqual(await agents.takeSilent(), []);
      assert.deepEqual(await told(opened), [event('online'), event('removed')]);
    });

    it('lists those of the namespaces that are asked for, by id', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      const keys = [
        ['team/b', 'a'],
        ['team/a', 'c'],
        ['team/a', 'b'],
        ['team', 'd'],
      ] as const;
      for (const [namespace, id] of keys) await agents.register({ ...agent, namespace, id });
      const listed = async (namespaces?: readonly string[]) =>
        (await agents.list(namespaces)).map(({ namespace, id }) => `${namespace} ${id}`);
      assert.deepEqual(await listed(['team/a']), ['team/a b', 'team/a c']);
      assert.deepEqual(await listed(['team/a', 'team/b']), ['team/b a', 'team/a b', 'team/a c']);
      assert.deepEqual(await listed([]), []);
      assert.deepEqual(await listed(), ['team/b a', 'team/a b', 'team/a c', 'team d']);
    });

    it('keeps keys apart that run together, and any text as it is', async () => {
      await using opened = await open();
      const { agents } = opened.work;
      const keys = [
        { namespace: 'a:b', id: 'c' },
        { namespace: 'a', id: 'b:c' },
        { namespace: 'a%3Ab', id: 'c' },
        { namespace: HOSTILE, id: HOSTILE },
      ];
      for (const key of keys)
        await agents.register({ ...agent, ...key, name: HOSTILE, metadata: { [HOSTILE]: HOSTILE } });
      for (const key of keys) {
        await agents.heartbeat(key, agent.owner, { status: JSON.stringify(key) });
        assert.equal((await agents.list([key.namespace])).length, 1);
      }
      for (const key of keys) {
        const { status, name, metadata } = (await agents.get(key))!;
        assert.deepEqual([status, name, metadata], [JSON.stringify(key), HOSTILE, { [HOSTILE]: HOSTILE }]);
      }
      assert.deepEqual((await told(opened)).at(-1), event('online', keys[3]!));
      await refuses('invalid_input', agents.register({ ...agent, name: 'half \ud800' }));
      await refuses('invalid_input', agents.register({ ...agent, metadata: { deep: ['a\0'] } }));
      await refuses('invalid_input', agents.heartbeat(keys[0]!, agent.owner, { status: 'half \ud800' }));
    });
  });
}

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectRedis } from '../../../src/adapters/redis/connectRedis.ts';
import { globsOverlap } from '../../../src/engine/agents/globsOverlap.ts';
import { mayKnow } from '../../../src/engine/events/mayKnow.ts';
import type { Viewer } from '../../../src/engine/model/caller.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { agent } from '../../contract/work/agents.contract.ts';
import { context } from '../../contract/work/contexts.contract.ts';
import { openRedisWork } from '../../fixtures/openRedisWork.ts';
import { told } from '../../fixtures/openWork.ts';
import { pythonEnvironment } from '../../fixtures/pythonEnvironment.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';

const SCRIPT = join(packageRoot, 'test', 'fixtures', 'workProof.py');
const NAMESPACE = 'team: naïve 🦊';
const TEXT = 'naïve café 🦊';
const ROBOT = 'robot@desk/python';
const editor: Viewer = { principal: 'ann@desk/vscode', client: 'vscode' };
const shell: Viewer = { principal: 'ann@desk/cli', client: 'cli' };

describe('agents as another program sees them, by the schema alone', function () {
  this.timeout(180_000);

  it('find each other, keep off each other’s files, and share', async () => {
    const python = pythonEnvironment('schema-python', ['redis==8.1.0']);
    await using redis = await startRedis();
    await using opened = await openRedisWork(redisOptions({ url: redis.url }), '');
    const { agents, contexts, files } = opened.work;
    const claim = { namespace: NAMESPACE, agent: agent.id, owner: agent.owner, note: TEXT };
    await agents.register({ ...agent, namespace: NAMESPACE, name: TEXT });
    await files.claim({ ...claim, id: 'ours', globs: ['src/**'] }, 600_000, globsOverlap);
    const to = [{ kind: 'agent', id: 'python', owner: ROBOT }] as const;
    await contexts.share({ ...context, namespace: NAMESPACE, to, content: TEXT });

    const { stdout } = await promisify(execFile)(python, [SCRIPT, redis.url]);
    const found = JSON.parse(stdout);
    assert.deepEqual(found.agents, [{ name: TEXT, capabilities: agent.capabilities, stale: false }]);
    assert.deepEqual(found.contexts, [{ content: TEXT, to, files: context.files }]);
    const [{ claimed_at: _, ...theirs }, ...more] = found.claims;
    const { agent: by, owner, note } = claim;
    assert.deepEqual([theirs, more], [{ fence: 1, agent: by, owner, note, globs: ['src/**'] }, []]);

    const robot = await agents.get({ namespace: NAMESPACE, id: 'python' });
    assert.deepEqual([robot?.name, robot?.presence, robot?.load, robot?.pid], [TEXT, 'online', 0.25, null]);
    await agents.heartbeat(robot!, ROBOT, { status: 'busy' });
    const wanted = { ...claim, id: 'more', globs: ['docs/*.md'] };
    const answer = await files.claim(wanted, 600_000, globsOverlap);
    assert.deepEqual('held' in answer && answer.held.map(({ id, fence }) => [id, fence]), [['by python', 2]]);
    const page = { limit: 10, offset: 0 };
    const [received, ...others] = await contexts.list({}, editor, page);
    assert.deepEqual([received?.content, received?.session, others], [TEXT, null, []]);
    assert.deepEqual(await contexts.list({}, shell, page), []);
    assert.equal(await contexts.acknowledge(NAMESPACE, ['from python'], editor), 1);
    const events = (await told(opened)).filter(
      event => 'subject' in event && event.subject.includes('python'),
    );
    assert.deepEqual(
      events.map(event => mayKnow(event, shell, [NAMESPACE])),
      [true, true, false, false],
    );

    await contexts.revoke(NAMESPACE, 'from python', { principal: ROBOT, client: 'python' });
    const client = await connectRedis(redisOptions({ url: redis.url }));
    const left = (await client.keys('*')).filter(key => key.startsWith('context'));
    client.disconnect();
    assert.doesNotMatch(left.join(), /from python|vscode/);
    assert.ok(left.length > 0);
  });
});

import assert from 'node:assert/strict';
import type { Rights } from '../../../src/engine/model/rights.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { restMemory } from '../../fixtures/restMemory.ts';

const holding = (rights: Rights) => restMemory({ caller: client => ({ ...callerNamed(client), rights }) });
const challenge = (answer: Response) => answer.headers.get('www-authenticate');

describe('who may do less than is asked for', () => {
  it('is told of the scope, by tools, resources and the paths of agent memory servers', async () => {
    await using memory = await holding({ scopes: ['read'] });
    const refused: readonly (readonly [string, string, unknown, string])[] = [
      ['POST', '/v1/memories', { content: 'a fact' }, 'write'],
      ['POST', '/v1/tools/list_jobs', {}, 'admin'],
      ['PUT', '/v1/working-memory/s', { session_id: 's', messages: [] }, 'write'],
    ];
    for (const [method, path, body, scope] of refused) {
      const answer = await memory.request(method, path, body);
      assert.equal(answer.status, 403, path);
      assert.match(
        challenge(answer) ?? '',
        new RegExp(`^Bearer error="insufficient_scope", error_description="[^"]+", scope="${scope}"$`),
        path,
      );
    }
  });

  it('is told so for another namespace, which no scope would open', async () => {
    await using memory = await holding({ scopes: ['read'], namespaces: ['shop'] });
    const answer = await memory.request('GET', '/v1/memories?namespace=lab');
    assert.equal(answer.status, 403);
    assert.match(challenge(answer) ?? '', /^Bearer error="insufficient_scope", error_description="[^"]+"$/);
  });

  it('is told nothing of the kind where something else is wrong', async () => {
    await using memory = await holding({ scopes: ['read'] });
    const answer = await memory.request('GET', '/v1/memories/none');
    assert.deepEqual([answer.status, challenge(answer)], [404, null]);
  });
});

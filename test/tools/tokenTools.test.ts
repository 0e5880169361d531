import assert from 'node:assert/strict';
import type { Rights } from '../../src/engine/model/rights.ts';
import { claude } from '../fixtures/callers.ts';
import { onEachStore } from '../fixtures/onEachStore.ts';
import { refused } from '../fixtures/openTools.ts';

onEachStore('tokens', open => {
  it('are shown once, and kept as a hash', async () => {
    await using memory = await open();
    const made = await memory.call('create_token', { name: 'ci', scopes: ['read'], namespaces: ['shop'] });
    assert.match(made['token'] as string, /^mc_[0-9a-f]{12}_[\w-]{43}$/);
    const [listed] = (await memory.call('list_tokens'))['tokens'] as Record<string, unknown>[];
    const { token, ...rest } = made;
    assert.deepEqual(listed, rest);
    const [kept] = await memory.engine.records.tokens.list();
    assert.equal(kept!.hash, memory.engine.sha256((token as string).slice(-43)));
  });

  it('are known by their whole text only', async () => {
    await using memory = await open();
    const { token } = (await memory.call('create_token', { name: 'ci' })) as { token: string };
    const { tokens } = memory.engine;
    assert.equal((await tokens.verify(token))!.name, 'ci');
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const other of [token.slice(0, -1) + last, ` ${token}`, token.toUpperCase(), `${token}\n`, ''])
      assert.equal(await tokens.verify(other), undefined);
  });

  it('open nothing any more once they are revoked, by name or id', async () => {
    await using memory = await open();
    const make = (name: string) => memory.call('create_token', { name }) as Promise<Record<string, string>>;
    const [one, other] = [await make('one'), await make('other')];
    const { tokens } = memory.engine;
    assert.ok((await tokens.verify(one['token']!)) && (await tokens.verify(other['token']!)));
    await memory.call('revoke_token', { name: 'one' });
    await memory.call('revoke_token', { name: other['id'] });
    assert.equal(await tokens.verify(one['token']!), undefined);
    assert.equal(await tokens.verify(other['token']!), undefined);
    await refused(memory.call('revoke_token', { name: 'one' }), 'not_found', /no token called "one"/);
  });

  it('are replaced with the same rights, at once or after a while', async () => {
    await using memory = await open();
    const given = { name: 'ci', scopes: ['tasks'], namespaces: ['shop'], expires_in_days: 10 };
    const first = (await memory.call('create_token', given)) as Record<string, string>;
    const second = (await memory.call('rotate_token', { name: 'ci', grace_seconds: 600 })) as typeof first;
    const third = (await memory.call('rotate_token', { name: 'ci' })) as typeof first;
    const { tokens } = memory.engine;
    assert.equal(await tokens.verify(first['token']!), undefined);
    assert.equal(await tokens.verify(second['token']!), undefined);
    assert.deepEqual((await tokens.verify(third['token']!))!.rights, {
      scopes: ['tasks'],
      namespaces: ['shop'],
    });
    const life = (made: typeof first) => Date.parse(made['expires_at']!) - Date.parse(made['created_at']!);
    assert.deepEqual([second, third].map(life), [life(first), life(first)]);
    const fourth = (await memory.call('rotate_token', { name: 'ci', grace_seconds: 600 })) as typeof first;
    assert.ok((await tokens.verify(third['token']!)) && (await tokens.verify(fourth['token']!)));
  });

  it('are for the clients that they name, by the labels that these have everywhere', async () => {
    await using memory = await open();
    const clients = ['Codex-MCP-Client', 'codex', 'Claude Code'];
    const made = await memory.call('create_token', { name: 'ci', clients });
    assert.deepEqual(made['clients'], ['codex', 'claude-code']);
    const { token } = await memory.call('rotate_token', { name: 'ci' });
    const { rights } = (await memory.engine.tokens.verify(token as string))!;
    assert.deepEqual(rights.clients, ['codex', 'claude-code']);
  });

  it('are refused under a name that is taken or none, and with a namespace or client that is none', async () => {
    await using memory = await open();
    await memory.call('create_token', { name: 'ci' });
    await refused(memory.call('create_token', { name: 'ci' }), 'conflict', /token rotate ci/);
    await refused(memory.call('create_token', { name: 'a b' }), 'invalid_input', /no name of a token/);
    const wrong = memory.call('create_token', { name: 'x', namespaces: ['*'] });
    await refused(wrong, 'invalid_input', /no namespace/);
    for (const name of ['', '*', ' /'])
      await refused(
        memory.call('create_token', { name: 'x', clients: [name] }),
        'invalid_input',
        /no name of a client/,
      );
  });

  it('are made by administrators of the whole memory only', async () => {
    await using memory = await open();
    const as = (rights: Rights) => memory.as({ ...claude, rights }).call('create_token', { name: 'x' });
    await refused(as({ scopes: ['read', 'write', 'tasks'] }), 'forbidden', /scope "admin"/);
    await refused(as({ scopes: ['admin'], namespaces: ['shop'] }), 'forbidden', /keeps to no namespace/);
    assert.ok(await as({ scopes: ['admin'] }));
  });
});

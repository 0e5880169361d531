import assert from 'node:assert/strict';
import { changeSets, type WaitingMemory } from '../../../../src/surfaces/editor/review/changeSets.ts';

function waiting(id: string, fields: Partial<WaitingMemory> = {}): WaitingMemory {
  return {
    ...{ id, content: id, namespace: 'shop', memory_type: 'context', agent_id: 'gemini-cli', tags: [] },
    ...{ version: 1, change: 'new', by: 'ada@host/gemini-cli', instance: 'one', changed_at: '2026-11-21' },
    ...fields,
  };
}

describe('change sets of a review', () => {
  it('are what one session wrote, the one that wrote last first', () => {
    const other = { by: 'ada@host/codex', agent_id: 'codex' };
    const sets = changeSets([
      waiting('a', { changed_at: '2026-11-22' }),
      waiting('b', other),
      waiting('c', { instance: 'two' }),
      waiting('d'),
    ]);
    assert.deepEqual(
      sets.map(({ at, instance, memories, name }) => [name, instance, at, memories.map(({ id }) => id)]),
      [
        ['gemini-cli', 'one', '2026-11-22', ['a', 'd']],
        ['codex', 'one', '2026-11-21', ['b']],
        ['gemini-cli', 'two', '2026-11-21', ['c']],
      ],
    );
  });

  it('are called by the agent that stored them, and never by whose memory was changed', () => {
    const nameOf = (...all: WaitingMemory[]) => changeSets(all)[0]?.name;
    const own = { agent_id: 'reviewer' };
    assert.equal(nameOf(waiting('a', own), waiting('b', own)), 'reviewer (gemini-cli)');
    assert.equal(nameOf(waiting('a', own), waiting('b')), 'gemini-cli');
    assert.equal(
      nameOf(waiting('a', own), waiting('b', { agent_id: 'x', change: 'changed' })),
      'reviewer (gemini-cli)',
    );
    assert.equal(nameOf(waiting('a', { agent_id: 'x', change: 'changed' })), 'gemini-cli');
    assert.equal(nameOf(waiting('a', { agent_id: null })), 'gemini-cli');
  });
});

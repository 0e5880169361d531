import assert from 'node:assert/strict';
import { callTool, store } from './callTool.ts';
import { until } from './until.ts';

describe('the shipped model', () => {
  it('recalls by meaning where no word is shared', async () => {
    const id = await store('Invoices are rendered by a headless browser.');
    await store('Coffee beans arrive every Monday.');
    await until('all embeddings', async () =>
      (await callTool('memory_stats', {})).includes(
        'recall: hybrid, model all-MiniLM-L6-v2/q8, 0 waiting for an embedding',
      ),
    );
    const found = await callTool('semantic_search', { query: 'how do we produce a bill as PDF', limit: 1 });
    assert.equal(found.split('\n')[1]?.startsWith(`> ${id} `), true, found);
  });
});

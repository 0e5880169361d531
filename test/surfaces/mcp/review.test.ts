import assert from 'node:assert/strict';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { callTool, clientOf, ERAS, stdioTransport } from '../../fixtures/mcpClient.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const PLACE = { MEMORY_NAMESPACE: 'shop', MEMORY_REVIEW_GATE: 'hold' };
const HOLD = { 'embedding.provider': 'off', 'review.gate': 'hold' };
const person = { ...callerNamed('cli'), person: true };

describe('an agent over MCP', function () {
  this.timeout(60_000);

  for (const era of ERAS) {
    it(`accepts nothing by whatever it says, and sees nothing that others have yet to answer for (${era})`, async () => {
      await using home = await temporaryFolder();
      await using engine = await openEngine(home.path, HOLD);
      const [held] = await engine.memories.store([{ content: 'The otter dives' }], callerNamed('codex'));
      const client = clientOf(era);
      await client.connect(await stdioTransport({ home: home.path, env: PLACE }));
      const { id } = await callTool(client, 'store_memory', { content: 'The otter swims' });
      const accepted = { memory_id: id, review: 'accepted' };
      await assert.rejects(callTool(client, 'update_memory', accepted), /^Error: forbidden: Only a person/);
      const review = { decision: 'accept', memory_ids: [id] };
      await assert.rejects(callTool(client, 'review_memories', review));
      for (const person of [true, 'yes'])
        await assert.rejects(callTool(client, 'update_memory', { ...accepted, person }), /invalid_input/);
      assert.equal((await engine.memories.get(id!, person)).review, 'unreviewed');
      const { memories } = await callTool(client, 'semantic_search', { query: 'otter' });
      const found = (memories as unknown as { id: string; review?: string }[]).map(one => [
        one.id,
        one.review,
      ]);
      assert.deepEqual(found, [[id, 'unreviewed']]);
      const { resources } = await client.listResources();
      assert.ok(!JSON.stringify(resources).includes(held!.memory.id));
      const read = (memory: string) => client.readResource({ uri: `memory://shop/${memory}` });
      await assert.rejects(read(held!.memory.id), /There is no memory/);
      assert.match(JSON.stringify(await read(id!)), /The otter swims/);
      await engine.reviews.accept([{ id: held!.memory.id }], person);
      const again = await callTool(client, 'semantic_search', { query: 'otter' });
      assert.equal((again['memories'] as unknown as unknown[]).length, 2);
      await client.close();
    });
  }
});

import { Hono } from 'hono';
import { z } from 'zod';
import type { RecordChanges } from '../../../engine/longTerm/longTermMemories.ts';
import { RECORD_TYPES } from '../../../engine/longTerm/longTermRecord.ts';
import type { RestEnv } from '../restDeps.ts';
import type { AgentMemory } from './agentMemory.ts';
import { flag, named, whole } from './querySchema.ts';
import { recordsSchema, recordType, writeFound, writeRecord } from './recordWire.ts';
import { RequestError, readBody, readPart } from './requestError.ts';
import { searchOf, searchRequest } from './searchSchema.ts';
import { time } from './wireTime.ts';

const number = z.number().nullish();
const forgetBody = z.object({
  policy: z.object({
    max_age_days: number,
    max_inactive_days: number,
    budget: z.number().int().min(0).nullish(),
    memory_type_allowlist: z.array(z.enum(RECORD_TYPES)).nullish(),
    hard_age_multiplier: z.number().min(0).nullish(),
  }),
  pinned_ids: z.array(z.string()).nullish(),
});
const forgetQuery = z.object({
  ...{ namespace: named, user_id: named, session_id: named },
  limit: whole.pipe(z.number().min(1)).default(1000),
  dry_run: flag.default(true),
});
const compactQuery = z.object({ namespace: named, user_id: named });

const words = z.array(z.string()).nullish();
const editBody = z.object({
  ...{ text: z.string().nullish(), topics: words, entities: words, memory_type: recordType.nullish() },
  ...{ namespace: z.string().nullish(), user_id: z.string().nullish(), session_id: z.string().nullish() },
  ...{ event_date: time.nullish(), pinned: z.boolean().nullish() },
});

/** The long-term memory: `/v1/long-term-memory`. */
export function longTermRoutes(memory: () => Promise<AgentMemory>): Hono<RestEnv> {
  const app = new Hono<RestEnv>();

  for (const path of ['/v1/long-term-memory/', '/v1/long-term-memory']) {
    app.post(path, async c => {
      const { longTerm, now } = await memory();
      const schema = z.object({ memories: recordsSchema(true, now), deduplicate: z.boolean().default(true) });
      const { deduplicate, memories } = await readBody(c, schema);
      await longTerm.create(memories, deduplicate, c.get('caller'));
      return c.json({ status: 'ok' });
    });

    app.delete(path, async c => {
      const { longTerm } = await memory();
      const deleted = await longTerm.remove(c.req.queries('memory_ids') ?? [], c.get('caller'));
      return c.json({ status: `ok, deleted ${deleted} memories` });
    });
  }

  app.post('/v1/long-term-memory/search', async c => {
    const { longTerm } = await memory();
    const asked = await readBody(c, searchRequest);
    const answer = await longTerm.search(searchOf(asked), c.get('caller'), c.req.raw.signal);
    return c.json({
      memories: answer.found.map(one => writeFound(one, asked.search_mode)),
      total: answer.total,
      next_offset: answer.nextOffset,
    });
  });

  app.post('/v1/long-term-memory/forget', async c => {
    const query = readPart(forgetQuery, c.req.query(), 'query');
    const { pinned_ids: pinned, policy } = await readBody(c, forgetBody);
    const { longTerm } = await memory();
    const { ids, scanned } = await longTerm.forget(
      {
        policy: {
          maxAgeDays: policy.max_age_days ?? undefined,
          maxInactiveDays: policy.max_inactive_days ?? undefined,
          budget: policy.budget ?? undefined,
          types: policy.memory_type_allowlist ?? undefined,
          hardAgeMultiplier: policy.hard_age_multiplier ?? 12,
        },
        namespace: query.namespace,
        filter: {
          ...(query.user_id !== undefined && { user: { eq: query.user_id } }),
          ...(query.session_id !== undefined && { session: { eq: query.session_id } }),
        },
        ...{ limit: query.limit, dryRun: query.dry_run, pinned: pinned ?? [] },
      },
      c.get('caller'),
    );
    return c.json({ scanned, deleted: ids.length, deleted_ids: ids, dry_run: query.dry_run });
  });

  app.post('/v1/long-term-memory/compact', async c => {
    const { namespace, user_id } = readPart(compactQuery, c.req.query(), 'query');
    const { longTerm } = await memory();
    const left = await longTerm.compact({ namespace, user: user_id }, c.get('caller'), c.req.raw.signal);
    return c.json({ status: `ok, ${left} memories remaining after compaction` });
  });

  app.get('/v1/long-term-memory/:id', async c => {
    const { longTerm } = await memory();
    return c.json(writeRecord(await longTerm.get(c.req.param('id'), c.get('caller'))));
  });

  app.patch('/v1/long-term-memory/:id', async c => {
    const changes = changesOf(await readBody(c, editBody));
    if (Object.keys(changes).length === 0) throw new RequestError(400, 'No fields provided for update');
    const { longTerm } = await memory();
    return c.json(writeRecord(await longTerm.edit(c.req.param('id'), changes, c.get('caller'))));
  });

  return app;
}

/** Only what is given: null leaves a field as it is. */
function changesOf(asked: z.output<typeof editBody>): RecordChanges {
  const { entities, event_date, memory_type, namespace, pinned, session_id, text, topics, user_id } = asked;
  return {
    ...(text != null && { text }),
    ...(topics != null && { topics }),
    ...(entities != null && { entities }),
    ...(memory_type != null && { type: memory_type }),
    ...(namespace != null && { namespace }),
    ...(user_id != null && { user: user_id }),
    ...(session_id != null && { session: session_id }),
    ...(event_date != null && { eventDate: event_date }),
    ...(pinned != null && { pinned }),
  };
}

import { z } from 'zod';
import type { SearchOptions } from '../../../engine/longTerm/longTermMemories.ts';
import { RECENCY } from '../../../engine/longTerm/recency.ts';
import { textFilter, timeFilter, typeFilter } from './filterSchema.ts';
import { RequestError } from './requestError.ts';

export const SEARCH_MODES = ['semantic', 'keyword', 'hybrid'] as const;

const labels = textFilter.nullish();
const times = timeFilter.nullish();
const weight = z.number().min(0).nullish();
const days = z.number().positive().nullish();

export const searchRequest = z.object({
  text: z.string().nullish(),
  search_mode: z.enum(SEARCH_MODES).default('semantic'),
  hybrid_alpha: z.number().min(0).max(1).default(0.7),
  session_id: labels,
  namespace: labels,
  topics: labels,
  entities: labels,
  user_id: labels,
  memory_type: typeFilter.nullish(),
  created_at: times,
  last_accessed: times,
  event_date: times,
  distance_threshold: z.number().nullish(),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  offset: z.coerce.number().int().min(0).default(0),
  recency_boost: z.boolean().nullish(),
  recency_semantic_weight: weight,
  recency_recency_weight: weight,
  recency_freshness_weight: weight,
  recency_novelty_weight: weight,
  recency_half_life_last_access_days: days,
  recency_half_life_created_days: days,
  server_side_recency: z.boolean().nullish(),
});

export type SearchRequest = z.output<typeof searchRequest>;

/** A search as the engine knows it. Throws with 400 for a threshold where there is no distance. */
export function searchOf(asked: SearchRequest): SearchOptions {
  const { distance_threshold: threshold, search_mode: mode } = asked;
  if (threshold != null && mode !== 'semantic')
    throw new RequestError(400, 'distance_threshold is only supported for semantic search mode');
  const balance = { semantic: 1, keyword: 0, hybrid: asked.hybrid_alpha }[mode];
  const whole = asked.server_side_recency === true;
  const boosted = whole || asked.recency_boost !== false;
  return {
    text: asked.text ?? '',
    namespace: asked.namespace ?? undefined,
    filter: {
      session: asked.session_id ?? undefined,
      user: asked.user_id ?? undefined,
      topics: asked.topics ?? undefined,
      entities: asked.entities ?? undefined,
      type: asked.memory_type ?? undefined,
      createdAt: asked.created_at ?? undefined,
      lastAccessed: asked.last_accessed ?? undefined,
      eventDate: asked.event_date ?? undefined,
    },
    balance,
    ...(threshold != null && { least: Math.max(0, 1 - threshold) }),
    limit: asked.limit,
    offset: asked.offset,
    ...(boosted && { recency: { weights: weightsOf(asked), whole } }),
  };
}

function weightsOf(asked: SearchRequest) {
  return {
    fit: asked.recency_semantic_weight ?? RECENCY.fit,
    recency: asked.recency_recency_weight ?? RECENCY.recency,
    freshness: asked.recency_freshness_weight ?? RECENCY.freshness,
    novelty: asked.recency_novelty_weight ?? RECENCY.novelty,
    accessHalfLifeDays: asked.recency_half_life_last_access_days ?? RECENCY.accessHalfLifeDays,
    createdHalfLifeDays: asked.recency_half_life_created_days ?? RECENCY.createdHalfLifeDays,
  };
}

import { z } from 'zod';
import { makeDigest } from '../../engine/digest/makeDigest.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

/** What a digest takes of a conversation at most. */
export const DIGEST_TOKENS = 800;

export const memoryDigest = defineTool({
  name: 'memory_digest',
  title: 'Digest for the start of work',
  description: `What matters at the start of work, in a few lines: pinned and critical memories, what is recalled for the task, and what was told last.
Empty when there is nothing. Sensitive memories are left out. To look for something, use semantic_search.`,
  effect: 'reads',
  set: 'memory',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    task: z.string().max(LIMITS.queryChars).optional().describe('What the work is about, in plain words'),
    max_tokens: z
      .number()
      .int()
      .min(100)
      .max(DIGEST_TOKENS)
      .default(DIGEST_TOKENS)
      .describe('Its length at most; four characters are counted as a token'),
    known_ids: z.array(field.memoryId).max(100).optional().describe('Left out'),
    task_only: z.boolean().optional().describe('Only what is recalled for the task'),
    namespace: field.readNamespace,
  }),
  output: z.object({
    text: z.string(),
    memories: z.array(
      z.object({ id: z.string(), why: z.enum(['pinned', 'critical', 'for this task', 'latest']) }),
    ),
  }),
  async handle({ task, max_tokens, known_ids, task_only, namespace }, { engine, caller, signal }) {
    const { text, memories } = await makeDigest(
      engine,
      {
        task: task?.trim() || undefined,
        taskOnly: task_only ?? false,
        known: known_ids ?? [],
        maxTokens: max_tokens,
        namespaces: readNamespaces(namespace, caller),
        marks: engine.reviews.gate !== 'off',
        now: Date.now(),
      },
      caller,
      signal,
    );
    return { text, memories: [...memories] };
  },
  summarize: ({ text }) => text,
});

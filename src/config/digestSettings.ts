import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** What is told and asked without anybody's call. */
export const digestSettings = {
  'claude.digest': z
    .boolean()
    .default(true)
    .describe(
      'The plugin of Claude Code tells the digest of the memory when a session starts, and what is recalled for its first prompt.',
    )
    .register(settingMeta, { env: 'MEMORY_CLAUDE_DIGEST', scope: 'none' }),
  'claude.offerToStore': z
    .boolean()
    .default(true)
    .describe(
      'The plugin of Claude Code asks once a session, after substantial work of which nothing was stored, to store what was learnt.',
    )
    .register(settingMeta, { env: 'MEMORY_CLAUDE_OFFER_TO_STORE', scope: 'none' }),
  'chat.digest': z
    .boolean()
    .default(true)
    .describe('`@memory` knows the digest of the memory when a conversation begins.')
    .register(settingMeta, { scope: 'window' }),
  'chat.currentFile': z
    .boolean()
    .default(false)
    .describe('`@memory` also knows what is remembered of the file that is open.')
    .register(settingMeta, { scope: 'window' }),
};

import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** How the REST server answers clients of redis/agent-memory-server: docs/agent-memory-server.md. */
export const agentMemorySettings = {
  'agentMemory.unnamed': z
    .enum(['own', 'all'])
    .default('own')
    .describe(
      'Where clients of agent memory servers read when they name no namespace. `own`: in the server’s namespace and `global`. `all`: in all that they may see, as redis/agent-memory-server does.',
    )
    .register(settingMeta, { env: 'AGENT_MEMORY_UNNAMED', scope: 'none' }),
  'agentMemory.unknownSession': z
    .enum(['not_found', 'empty'])
    .default('not_found')
    .describe(
      'What clients of agent memory servers are told of a working memory that is not there. `not_found`: 404. `empty`: an empty one, as servers before 0.12 did.',
    )
    .register(settingMeta, { env: 'AGENT_MEMORY_UNKNOWN_SESSION', scope: 'none' }),
};

import { z } from 'zod';
import { REVIEW_GATES } from '../engine/model/reviewGate.ts';
import { namedSets, TOOL_SETS } from '../engine/model/toolSets.ts';
import { agentMemorySettings } from './agentMemorySettings.ts';
import { apiSettings } from './apiSettings.ts';
import { authSettings } from './authSettings.ts';
import { cacheSettings } from './cacheSettings.ts';
import { codeSettings } from './codeSettings.ts';
import { digestSettings } from './digestSettings.ts';
import { metricsSettings } from './metricsSettings.ts';
import { redisSettings } from './redisSettings.ts';
import { settingMeta } from './settingMeta.ts';
import { upkeepSettings } from './upkeepSettings.ts';
import { workerSettings } from './workerSettings.ts';

const days = (value: number) => z.number().int().min(1).max(36_500).default(value);

/** 32 bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/** Every setting, once. package.json, environment names and the reference follow from it. */
export const settings = z.strictObject({
  'database.url': z
    .string()
    .default('')
    .describe(
      'Where memories are kept: `file:` and a path. Empty: a file in the data directory of this user.',
    )
    .register(settingMeta, { env: 'DATABASE_URL', scope: 'machine' }),
  namespace: z
    .string()
    .default('')
    .describe(
      'The scope that memories are written to. Empty: the repository (its remote, such as github.com/owner/name).',
    )
    .register(settingMeta, { env: 'MEMORY_NAMESPACE', scope: 'resource' }),
  agent: z
    .string()
    .default('')
    .describe('Label of the agent that stores. Empty: the name of the client.')
    .register(settingMeta, { env: 'MEMORY_AGENT', scope: 'window' }),
  'recall.deadlineMs': z
    .number()
    .int()
    .min(50)
    .max(60_000)
    .default(2000)
    .describe(
      'Milliseconds a recall waits for the embedding of its question; then it is lexical, and says so.',
    )
    .register(settingMeta, { env: 'MEMORY_RECALL_DEADLINE_MS', scope: 'window' }),
  'embedding.provider': z
    .enum(['auto', 'local', 'openai', 'off'])
    .default('auto')
    .describe(
      '`local`: the shipped model, no network. `openai`: any OpenAI-compatible endpoint. `off`: recall by words only. `auto`: the endpoint where embedding.model names one of its models, else local.',
    )
    .register(settingMeta, { env: 'EMBEDDING_PROVIDER', scope: 'machine' }),
  'embedding.model': z
    .string()
    .default('')
    .describe('Model of the endpoint, such as text-embedding-3-small. Empty: all-MiniLM-L6-v2 locally.')
    .register(settingMeta, { env: 'EMBEDDING_MODEL', scope: 'machine' }),
  'embedding.baseUrl': z
    .string()
    .default('https://api.openai.com/v1')
    .describe('Address of the OpenAI-compatible endpoint.')
    .register(settingMeta, { env: 'OPENAI_BASE_URL', scope: 'machine' }),
  'embedding.apiKey': z
    .string()
    .default('')
    .describe('Key of the endpoint.')
    .register(settingMeta, { env: 'OPENAI_API_KEY', scope: 'none', secret: true }),
  'embedding.dimensions': z
    .number()
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe("Length of the model's vectors. 0: known from the model, or asked of the endpoint.")
    .register(settingMeta, { env: 'EMBEDDING_DIMENSIONS', scope: 'machine' }),
  'embedding.idleSeconds': z
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(60)
    .describe("Seconds without work after which the model's process ends; it starts again when needed.")
    .register(settingMeta, { env: 'EMBEDDING_IDLE_SECONDS', scope: 'machine' }),
  'vectorStore.indexType': z
    .enum(['auto', 'flat', 'ivfflat', 'hnsw'])
    .refine(
      type => type === 'auto' || type === 'flat',
      'is not available yet; use auto or flat, the exact scan',
    )
    .default('auto')
    .describe('`auto` and `flat` are the exact scan; `ivfflat` and `hnsw` are refused until they exist.')
    .register(settingMeta, { env: 'VECTOR_INDEX_TYPE', scope: 'machine' }),
  ...redisSettings,
  'search.place': z
    .enum(['auto', 'process', 'server'])
    .default('auto')
    .describe(
      'Where memories of the central Redis are searched: in each `process`, or on the `server` by RediSearch. `auto`: in the process up to search.memoryMb, beyond it on a server that can.',
    )
    .register(settingMeta, { env: 'MEMORY_SEARCH_PLACE', scope: 'machine' }),
  'search.memoryMb': z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(512)
    .describe('MiB that the search index of one process may take: some 390,000 memories.')
    .register(settingMeta, { env: 'MEMORY_SEARCH_MEMORY_MB', scope: 'machine' }),
  ...cacheSettings,
  ...codeSettings,
  ...digestSettings,
  ...agentMemorySettings,
  ...upkeepSettings,
  ...workerSettings,
  'review.gate': z
    .enum(REVIEW_GATES)
    .default('off')
    .describe(
      'What agents stored and no person has reviewed: `off`, it is as good as any; `mark`, recall says so; `hold`, only its author and people find it until it is accepted.',
    )
    .register(settingMeta, { env: 'MEMORY_REVIEW_GATE', scope: 'machine' }),
  'secrets.policy': z
    .enum(['mask', 'refuse', 'off'])
    .default('mask')
    .describe(
      'What happens to keys, tokens and passwords in a text: `mask` them, `refuse` the text, or `off`.',
    )
    .register(settingMeta, { env: 'MEMORY_SECRETS', scope: 'machine' }),
  'encryption.key': z
    .string()
    .default('')
    .refine(
      key => key === '' || KEY.test(key),
      'must be 32 bytes in base64, as `openssl rand -base64 32` makes them',
    )
    .describe(
      'Key that sensitive memories are encrypted with: 32 bytes in base64. Empty: the file `encryption-key` in the data directory, made when it is needed.',
    )
    .register(settingMeta, { env: 'MEMORY_ENCRYPTION_KEY', scope: 'none', secret: true }),
  'retention.highDays': days(365)
    .describe('Days that memories of high priority are kept. Critical and archived ones are kept for ever.')
    .register(settingMeta, { env: 'MEMORY_RETENTION_HIGH_DAYS', scope: 'machine' }),
  'retention.mediumDays': days(90)
    .describe('Days that memories of medium priority are kept.')
    .register(settingMeta, { env: 'MEMORY_RETENTION_MEDIUM_DAYS', scope: 'machine' }),
  'retention.lowDays': days(7)
    .describe('Days that memories of low priority are kept.')
    .register(settingMeta, { env: 'MEMORY_RETENTION_LOW_DAYS', scope: 'machine' }),
  'mcp.host': z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address on which the MCP server listens.')
    .register(settingMeta, { env: 'MCP_HOST', scope: 'none' }),
  'mcp.port': z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(9000)
    .describe('Port on which `memory-central serve` offers MCP. 0: any free one.')
    .register(settingMeta, { env: 'MCP_PORT', scope: 'none' }),
  'mcp.sessions': z
    .boolean()
    .default(true)
    .describe(
      'Give MCP clients of 2025-11-25 a session, in which they are one agent and hear of changes. Off: each request stands alone, so that any of several instances may serve it.',
    )
    .register(settingMeta, { env: 'MCP_SESSIONS', scope: 'none' }),
  ...apiSettings,
  ...metricsSettings,
  ...authSettings,
  'mcp.offerInEditor': z
    .boolean()
    .default(false)
    .describe('Also offer the MCP server to VS Code itself. Off, since Copilot has the same tools already.')
    .register(settingMeta, { scope: 'window' }),
  'mcp.hostInEditor': z
    .boolean()
    .default(true)
    .describe('Let the editor host an MCP server on a free loopback port for other clients of this machine.')
    .register(settingMeta, { scope: 'machine' }),
  'tools.sets': z
    .string()
    .default(TOOL_SETS.join(' '))
    .superRefine((list, context) => {
      const names = namedSets(list);
      const unknown = names.filter(name => !TOOL_SETS.some(set => set === name));
      const problem =
        unknown.length > 0
          ? `${unknown.map(name => JSON.stringify(name)).join(', ')} is no set of tools`
          : 'it names no set of tools';
      if (unknown.length > 0 || names.length === 0)
        context.addIssue({ code: 'custom', message: `${problem}; there are ${TOOL_SETS.join(', ')}` });
    })
    .describe(
      'Sets of tools that agents are offered, over MCP and in VS Code: `memory`, `tasks`, `agents`, `admin`. What is left out costs them no tokens. The command line has all.',
    )
    .register(settingMeta, { env: 'MEMORY_TOOLS', scope: 'window' }),
  'log.level': z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('warn')
    .describe('How much is logged.')
    .register(settingMeta, { env: 'MEMORY_LOG_LEVEL', scope: 'window' }),
});

export type Settings = z.infer<typeof settings>;
export type SettingName = keyof Settings;

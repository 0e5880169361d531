import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** The REST server. */
export const apiSettings = {
  'api.host': z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address on which the REST server listens.')
    .register(settingMeta, { env: 'API_HOST', scope: 'none' }),
  'api.port': z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8000)
    .describe('Port on which `memory-central serve` offers REST. 0: any free one.')
    .register(settingMeta, { env: 'API_PORT', scope: 'none' }),
  'api.bodyMb': z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe('MiB that the body of a request may have.')
    .register(settingMeta, { env: 'API_BODY_MB', scope: 'none' }),
  'api.deadlineSeconds': z
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe('Seconds within which a request is answered, or told that it took too long.')
    .register(settingMeta, { env: 'API_DEADLINE_SECONDS', scope: 'none' }),
  'api.inFlight': z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(256)
    .describe(
      'Requests that are worked on at the same time, of REST and of MCP each. What comes beyond is asked to come again (429).',
    )
    .register(settingMeta, { env: 'API_IN_FLIGHT', scope: 'none' }),
  'api.requestsPerMinute': z
    .number()
    .int()
    .min(0)
    .max(10_000_000)
    .default(60_000)
    .describe(
      'Requests a minute that each token may send to this process, over REST and MCP together. 0: any number.',
    )
    .register(settingMeta, { env: 'API_REQUESTS_PER_MINUTE', scope: 'none' }),
  'api.drainSeconds': z
    .number()
    .int()
    .min(0)
    .max(600)
    .default(0)
    .describe(
      'Seconds for which a server that got SIGTERM says that it is not ready and still serves, so that a balancer turns to others. 0: it stops at once.',
    )
    .register(settingMeta, { env: 'API_DRAIN_SECONDS', scope: 'none' }),
  'api.streams': z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(1000)
    .describe(
      'Streams of events that are open at the same time, and as many streams of changes of MCP (`subscriptions/listen`).',
    )
    .register(settingMeta, { env: 'API_STREAMS', scope: 'none' }),
  'api.heartbeatSeconds': z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(15)
    .describe(
      'Seconds after which a stream of events says that it lives. Who takes nothing for four times as long is cut off.',
    )
    .register(settingMeta, { env: 'API_HEARTBEAT_SECONDS', scope: 'none' }),
};

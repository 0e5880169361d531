import type { JsonSchema } from '../resources/shape.ts';

const OPEN = { security: [] };

/** What no tool stands behind. */
export const ownPaths: Readonly<Record<string, JsonSchema>> = {
  '/v1/health': { get: probe('health', 'How the server is', health()) },
  '/v1/health/live': { get: probe('health_live', 'Whether the process answers', ok()) },
  '/v1/health/ready': { get: probe('health_ready', 'Whether the store answers', ok()) },
  '/metrics': {
    get: {
      ...{ operationId: 'metrics', summary: 'Metrics for Prometheus', tags: ['health'] },
      description:
        'Counts, times and states of the server and of what it reaches. It asks for the scope `read` and a token that is bound to no namespace; on METRICS_PORT it answers without one.',
      responses: {
        200: {
          description: 'The text format of Prometheus, 0.0.4',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        default: { $ref: '#/components/responses/Problem' },
      },
    },
  },
};

function probe(operationId: string, summary: string, schema: JsonSchema): JsonSchema {
  return {
    ...{ operationId, summary, tags: ['health'], ...OPEN },
    responses: {
      200: { description: 'It is well', content: { 'application/json': { schema } } },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function ok(): JsonSchema {
  return { type: 'object', required: ['status'], properties: { status: { const: 'ok' } } };
}

function health(): JsonSchema {
  return {
    type: 'object',
    required: ['status', 'now', 'version', 'recall', 'store'],
    properties: {
      status: { const: 'ok' },
      now: { type: 'integer', description: 'ms since the epoch' },
      version: { type: 'string' },
      recall: { enum: ['hybrid', 'lexical'] },
      store: {
        type: 'object',
        required: ['driver'],
        properties: {
          driver: { type: 'string' },
          central: { type: 'boolean', description: 'It is reached' },
        },
      },
    },
  };
}

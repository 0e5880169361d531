import { z } from 'zod';
import type { Tool } from '../tools/defineTool.ts';
import { toolsFor } from '../tools/registry.ts';

/**
 * OpenAPI 3.1 of the tools as REST will offer them: one POST a tool.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApi(version: string): string {
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'Memory Central',
      version,
      description:
        'A shared memory for coding agents. Every operation is one tool; its definition is the source of this document.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8000' }],
    paths: Object.fromEntries(
      toolsFor('rest').map(tool => [`/v1/tools/${tool.name}`, { post: operation(tool) }]),
    ),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: { Problem: problem },
    },
    security: [{ token: [] }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function operation(tool: Tool) {
  return {
    operationId: tool.name,
    summary: tool.title,
    description: tool.description,
    tags: [tool.set],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: schemaOf(tool.input, 'input') } },
    },
    responses: {
      200: {
        description: 'Done',
        content: { 'application/json': { schema: schemaOf(tool.output, 'output') } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** RFC 9457. */
const problem = {
  description: 'What happened and what to do next',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['title', 'status', 'code', 'fix'],
        properties: {
          title: { type: 'string' },
          status: { type: 'integer' },
          code: { type: 'string' },
          fix: { type: 'string' },
        },
      },
    },
  },
};

function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, reused: 'inline' });
  return rest;
}

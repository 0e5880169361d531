import type { Tool } from '../../../tools/defineTool.ts';
import { findTool, toolsFor } from '../../../tools/registry.ts';
import { routes } from '../resources/routes.ts';
import type { JsonSchema } from '../resources/shape.ts';
import { routeOperation, toolOperation } from './operation.ts';
import { ownPaths } from './ownPaths.ts';
import { jsonValue, schemaOf } from './toolSchemas.ts';

/**
 * OpenAPI 3.1 of REST: the resources, and one POST a tool. All that it says of fields comes from the tools' definitions.
 * @param asksWho requests need a token
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument(version: string, asksWho = true): JsonSchema {
  const tools = toolsFor('rest');
  return {
    openapi: '3.1.1',
    info: {
      title: 'Memory Central',
      version,
      description: about(asksWho),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: { ...ownPaths, ...resourcePaths(), ...toolPaths(tools) },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: TOKEN } },
      schemas: {
        ...{ Json: jsonValue, Problem: problem },
        ...Object.fromEntries(
          tools.flatMap(tool => [
            [`${tool.name}_input`, schemaOf(tool, 'input')],
            [`${tool.name}_output`, schemaOf(tool, 'output')],
          ]),
        ),
      },
      ...{ parameters, headers },
      responses: {
        Problem: {
          description: 'What happened and what to do next',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
    security: asksWho ? [{ token: [] }] : [],
  };
}

const TOKEN =
  'On the machine of the server the text of the file `http-token`, which it names when it starts; elsewhere what `memory-central token create <name>` shows, or a signed token of your authorization server.';

/** What a reader has to know first. */
function about(asksWho: boolean): string {
  return [
    'A shared memory for coding agents. Each operation is a tool: by name at `/v1/tools/{name}`, and most have an address as a resource, too.',
    ...(asksWho ? ['Requests need a token: press Authorize. What is tried here is done.'] : []),
    'Clients of redis/agent-memory-server find its paths (`/v1/long-term-memory`, `/v1/working-memory`, `/v1/memory/prompt`) as it describes them.',
  ].join('\n\n');
}

function resourcePaths(): Record<string, JsonSchema> {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const operation = routeOperation(route, findTool(route.tool)!);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return paths;
}

function toolPaths(tools: readonly Tool[]): Record<string, JsonSchema> {
  return Object.fromEntries(tools.map(tool => [`/v1/tools/${tool.name}`, { post: toolOperation(tool) }]));
}

/** RFC 9457. */
const problem: JsonSchema = {
  type: 'object',
  required: ['title', 'status', 'code', 'fix'],
  properties: {
    title: { type: 'string', description: 'What happened' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable: clients match on it' },
    fix: { type: 'string', description: 'What to do next' },
    trace_id: { type: 'string', pattern: '^[0-9a-f]{32}$', description: 'By which the log names it' },
  },
};

const parameters: JsonSchema = {
  Cursor: {
    ...{
      name: 'cursor',
      in: 'query',
      description: 'Of the next page, as `next` had it; with it no filter is needed',
    },
    schema: { type: 'string' },
  },
  IdempotencyKey: {
    ...{ name: 'Idempotency-Key', in: 'header' },
    description: 'The same key gives the same answer for 24 hours, and the change is made once',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    ...{ name: 'If-Match', in: 'header', description: 'Change only this version; else 412' },
    schema: { type: 'string', pattern: '^(\\*|"[1-9][0-9]{0,8}")$' },
  },
  IfNoneMatch: {
    ...{ name: 'If-None-Match', in: 'header' },
    description: 'Answer 304 where it names the version, in quotes; what is none names no version',
    // A list of any tags, be it empty, as RFC 9110 has it: no text is refused.
    schema: { type: 'string' },
  },
};

const headers: JsonSchema = {
  ETag: { description: 'The version, in quotes', schema: { type: 'string' } },
  Link: { description: 'Where the next page is: RFC 8288', schema: { type: 'string' } },
  Location: { description: 'Where it is', schema: { type: 'string' } },
};

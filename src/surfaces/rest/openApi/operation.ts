import type { Tool } from '../../../tools/defineTool.ts';
import type { Route } from '../resources/route.ts';
import { type JsonSchema, type RouteShape, shapeOf } from '../resources/shape.ts';
import { exampleOf } from './exampleOf.ts';
import { schemaOf, withJson } from './toolSchemas.ts';

const PROBLEM = { $ref: '#/components/responses/Problem' };

/** What the document says of a tool called by its name. */
export function toolOperation(tool: Tool): JsonSchema {
  return {
    operationId: tool.name,
    ...told(tool, 'tools'),
    requestBody: {
      required: !tool.input.safeParse({}).success,
      content: json({ $ref: `#/components/schemas/${tool.name}_input` }, exampleOf(schemaOf(tool, 'input'))),
    },
    ...(keepsAnswers(tool) && { parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }] }),
    responses: { 200: { description: 'Done', content: json(outputOf(tool)) }, default: PROBLEM },
  };
}

/** What the document says of a route. */
export function routeOperation(route: Route, tool: Tool): JsonSchema {
  const shape = shapeOf(route, tool);
  const parameters = [...pathParameters(shape), ...queryParameters(route, shape), ...headersOf(route, tool)];
  return {
    operationId: operationId(route),
    // Such as `memories`.
    ...told(tool, route.path.split('/')[2]!, route.also),
    ...(parameters.length > 0 && { parameters }),
    ...(shape.hasBody && { requestBody: bodyOf(shape) }),
    responses: { ...successes(route, tool), default: PROBLEM },
  };
}

/** @param tag under which readers find it @param also what the tool cannot say of its address */
function told({ title, description }: Tool, tag: string, also?: string): JsonSchema {
  return { summary: title, description: [description, also].filter(Boolean).join('\n'), tags: [tag] };
}

/** Such as `get_v1_memories_by_memory_id`. */
function operationId({ method, path }: Route): string {
  return `${method.toLowerCase()}${path.replace(/\{(\w+)\}/g, 'by_$1').replace(/[^a-zA-Z0-9]+/g, '_')}`;
}

function pathParameters({ path }: RouteShape): readonly JsonSchema[] {
  return Array.from(path, ([name, { schema }]) => ({
    ...{ name, in: 'path', required: true, ...ofSchema({ minLength: 1, ...schema }) },
  }));
}

function queryParameters({ pages }: Route, { hasBody, required, rest }: RouteShape): readonly JsonSchema[] {
  if (hasBody) return [];
  const own = Array.from(rest, ([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name), ...ofSchema(withJson(schema)) },
  }));
  return pages === undefined ? own : [...own, { $ref: '#/components/parameters/Cursor' }];
}

/** A parameter's description stands beside its schema. */
function ofSchema({ description, ...schema }: JsonSchema): JsonSchema {
  return { ...(description !== undefined && { description }), schema };
}

function keepsAnswers({ answersSecret, effect }: Tool): boolean {
  return effect !== 'reads' && !answersSecret;
}

function headersOf({ method, versioned }: Route, tool: Tool): readonly JsonSchema[] {
  const named = (name: string) => ({ $ref: `#/components/parameters/${name}` });
  return [
    ...(versioned && method === 'GET' ? [named('IfNoneMatch')] : []),
    ...(versioned && (method === 'PATCH' || method === 'DELETE') ? [named('IfMatch')] : []),
    ...(keepsAnswers(tool) && method !== 'GET' ? [named('IdempotencyKey')] : []),
  ];
}

function bodyOf({ required, rest }: RouteShape): JsonSchema {
  const schema = {
    type: 'object',
    properties: Object.fromEntries(Array.from(rest, ([name, one]) => [name, withJson(one)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
  return { required: required.length > 0, content: json(schema, exampleOf(schema)) };
}

function successes(route: Route, tool: Tool): JsonSchema {
  const { creates, first, method, pages, versioned } = route;
  const schema = first === undefined ? outputOf(tool) : itemOf(tool, first);
  const headers = {
    ...(versioned && method !== 'DELETE' && { ETag: { $ref: '#/components/headers/ETag' } }),
    ...(pages !== undefined && { Link: { $ref: '#/components/headers/Link' } }),
  };
  const content = json(pages === undefined ? schema : withNext(tool));
  const done = { content, ...(Object.keys(headers).length > 0 && { headers }) };
  return {
    200: { description: creates === undefined ? 'Done' : 'It was there already', ...done },
    ...(creates !== undefined && {
      201: {
        ...{ description: 'Created', ...done },
        headers: { ...headers, Location: { $ref: '#/components/headers/Location' } },
      },
    }),
    ...(versioned && method === 'GET' && { 304: { description: 'As `If-None-Match` has it', headers } }),
  };
}

function outputOf(tool: Tool): JsonSchema {
  return { $ref: `#/components/schemas/${tool.name}_output` };
}

/** The output of a tool, and where the next page is. */
function withNext(tool: Tool): JsonSchema {
  const { properties, ...same } = schemaOf(tool, 'output');
  const next = { type: 'string', description: 'Cursor of the next page; absent on the last' };
  return { ...same, properties: { ...(properties as JsonSchema), next } };
}

function itemOf(tool: Tool, list: string): JsonSchema {
  return { $ref: `#/components/schemas/${tool.name}_output/properties/${list}/items` };
}

function json(schema: JsonSchema, example?: JsonSchema): JsonSchema {
  return { 'application/json': { schema, ...(example && { example }) } };
}

import { z } from 'zod';
import type { Tool } from '../../../tools/defineTool.ts';
import type { Route } from './route.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a route takes, by where it stands: schemas of the tool's own fields. */
export interface RouteShape {
  /** By the word in the path: the field, and whether it is a list of which the path names one. */
  readonly path: ReadonlyMap<
    string,
    { readonly field: string; readonly listed: boolean; readonly schema: JsonSchema }
  >;
  /** Of the query of a GET or DELETE, or of the body else. */
  readonly rest: ReadonlyMap<string, JsonSchema>;
  readonly required: readonly string[];
  /** `rest` is sent as a JSON object. */
  readonly hasBody: boolean;
}

const shapes = new WeakMap<Route, RouteShape>();

export function shapeOf(route: Route, tool: Tool): RouteShape {
  const known = shapes.get(route);
  if (known) return known;
  const made = makeShape(route, tool);
  shapes.set(route, made);
  return made;
}

/** @returns words in braces */
export function wordsOf(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, word]) => word!);
}

function makeShape({ always = {}, fields = {}, method, pages, path, takes }: Route, tool: Tool): RouteShape {
  const { properties, required } = inputSchema(tool);
  const inPath = new Map(
    wordsOf(path).map(word => {
      const field = fields[word] ?? word;
      const schema = properties[field]!;
      const listed = schema['type'] === 'array';
      return [word, { field, listed, schema: listed ? (schema['items'] as JsonSchema) : schema }];
    }),
  );
  const named = new Set([...Array.from(inPath.values(), ({ field }) => field), ...Object.keys(always)]);
  const rest = Object.entries(properties).filter(
    ([name]) => !named.has(name) && (takes?.includes(name) ?? true) && !(pages && name === 'offset'),
  );
  return {
    path: inPath,
    rest: new Map(rest),
    required: required.filter(name => rest.some(([other]) => other === name)),
    hasBody: method !== 'GET' && method !== 'DELETE',
  };
}

/** The tool's input as JSON Schema, without what it shares by reference. */
function inputSchema(tool: Tool): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = z.toJSONSchema(tool.input, { io: 'input', reused: 'inline' });
  return { properties: properties as Readonly<Record<string, JsonSchema>>, required };
}

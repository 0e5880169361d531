import { type Context, Hono } from 'hono';
import { MemoryError } from '../../../engine/errors.ts';
import type { Tool } from '../../../tools/defineTool.ts';
import { findTool } from '../../../tools/registry.ts';
import { setAnswerHeader } from '../requests/answerHeader.ts';
import { matchesNone, preconditionFailed, tagOf, versionsWanted } from '../requests/entityTags.ts';
import { idempotent } from '../requests/idempotency.ts';
import { cursorOf, fromCursor, nextPage } from '../requests/pages.ts';
import { readBody } from '../requests/readBody.ts';
import { readQuery, readValue } from '../requests/readQuery.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { type RouteShape, shapeOf } from './shape.ts';

const NO_QUERY = new URLSearchParams();

type Fields = Readonly<Record<string, unknown>>;

/** Resources under `/v1`: each route is one call of a tool. */
export function resourceRoutes(deps: RestDeps): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  for (const route of routes) {
    const tool = findTool(route.tool)!;
    const path = route.path.replace(/\{(\w+)\}/g, ':$1');
    const serve = (c: Context<RestEnv>) => answer(c, route, tool, deps);
    // To read twice does no harm.
    if (route.method === 'GET') app.get(path, serve);
    else
      app.on(
        route.method,
        path,
        idempotent(deps, () => tool, serve),
      );
  }
  return app;
}

async function answer(c: Context<RestEnv>, route: Route, tool: Tool, deps: RestDeps): Promise<Response> {
  const shape = shapeOf(route, tool);
  const asked = shape.hasBody ? await sentIn(c, shape) : askedIn(c, route, shape);
  const given = { ...asked, ...namedIn(c, route, shape) };
  const input = route.versioned && route.method !== 'GET' ? await withVersion(c, given, deps) : given;
  const { structured: output } = await deps
    .call(route.tool, input, c.get('caller'), c.get('signals'))
    .catch(error => asPrecondition(c, error, route, input, deps));
  const page = route.pages === undefined ? undefined : nextPage(input, output, route.pages, boundOf(tool));
  const body = route.first === undefined ? output : (output[route.first] as readonly unknown[])[0];
  if (body === undefined) throw nothingThere(c);
  const headers: Record<string, string> = {};
  if (page) headers['link'] = `<${c.req.path}?cursor=${cursorOf(page)}>; rel="next"`;
  if (route.versioned && output['version'] !== undefined) {
    headers['etag'] = tagOf(output['version']);
    if (route.method === 'GET' && !matchesNone(c.req.header('if-none-match'), headers['etag']))
      return c.body(null, 304, headers);
  }
  if (route.creates !== undefined) headers['location'] = filled(route.creates, output);
  const whole = page ? { ...(body as Fields), next: cursorOf(page) } : (body as Fields);
  if (route.method !== 'GET') return c.json(whole, isNew(route, output) ? 201 : 200, headers);
  // Reads are many, and an answer of Hono's with headers of its own takes longer.
  for (const name in headers) setAnswerHeader(c, name, headers[name]!);
  return c.json(whole);
}

function isNew({ creates }: Route, output: Fields): boolean {
  return creates !== undefined && output['duplicate'] !== true && output['created'] !== false;
}

/** What the address names. */
function namedIn(c: Context<RestEnv>, route: Route, { path }: RouteShape): Fields {
  const named: Record<string, unknown> = { ...route.always };
  for (const [word, { field, listed, schema }] of path) {
    const value = readValue(c.req.param(word) ?? '', schema);
    named[field] = listed ? [value] : value;
  }
  return named;
}

/** What is asked behind the address. */
function askedIn(c: Context<RestEnv>, route: Route, { rest }: RouteShape): Fields {
  const query = queryOf(c);
  if (route.pages === undefined) return readQuery(query, rest);
  const cursor = query.get('cursor');
  query.delete('cursor');
  const asked = readQuery(query, rest);
  return cursor === null ? asked : fromCursor(cursor, asked);
}

async function sentIn(c: Context<RestEnv>, { rest }: RouteShape): Promise<Fields> {
  readQuery(queryOf(c), new Map());
  const body = await readBody(c);
  for (const name of Object.keys(body)) if (!rest.has(name)) throw unknownField(name, rest);
  return body;
}

function queryOf({ req }: Context): URLSearchParams {
  return req.url.includes('?') ? new URL(req.url).searchParams : NO_QUERY;
}

/** `If-Match` in the tool's own words, where it has them; compared here else. */
async function withVersion(c: Context<RestEnv>, input: Fields, deps: RestDeps): Promise<Fields> {
  const wanted = versionsWanted(c.req.header('if-match'));
  if (wanted === undefined || input['memory_id'] === undefined) return input;
  const version = await versionNow(c, input, deps);
  if (!wanted.includes(version))
    throw preconditionFailed(
      `It is at version ${version}, which If-Match does not name; nothing was changed.`,
    );
  return { ...input, expected_version: version };
}

async function versionNow(c: Context<RestEnv>, { memory_id }: Fields, deps: RestDeps): Promise<number> {
  const { structured } = await deps.call('retrieve_memory', { memory_id }, c.get('caller'));
  return structured['version'] as number;
}

/** It may have changed between the look and the change. */
async function asPrecondition(
  c: Context<RestEnv>,
  error: unknown,
  route: Route,
  input: Fields,
  deps: RestDeps,
): Promise<never> {
  const expected = route.versioned && c.req.header('if-match') !== undefined && input['expected_version'];
  if (!MemoryError.is(error, 'conflict') || expected === undefined || expected === false) throw error;
  if ((await versionNow(c, input, deps)) === expected) throw error;
  throw preconditionFailed(error.message);
}

function boundOf(tool: Tool): number | undefined {
  return 'until' in tool.input.shape ? Date.now() : undefined;
}

function filled(path: string, output: Fields): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(output[name])));
}

function nothingThere(c: Context<RestEnv>): MemoryError {
  return new MemoryError('not_found', `There is nothing at ${c.req.path.slice(0, 200)}.`, 'Check the id.');
}

function unknownField(name: string, known: ReadonlyMap<string, unknown>): MemoryError {
  return new MemoryError(
    'invalid_input',
    `There is no field "${name.slice(0, 100)}" here. Nothing was changed.`,
    known.size === 0 ? 'Send no body.' : `There are: ${[...known.keys()].join(', ')}.`,
  );
}

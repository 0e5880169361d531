import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Rights } from '../../../src/engine/model/rights.ts';
import { restMemory } from '../../fixtures/restMemory.ts';
import { type Filled, fillNamespace } from '../../fixtures/rights/fillNamespace.ts';
import { inputOf, type JsonSchema } from '../../fixtures/rights/inputOf.ts';
import { assertSame, assertSilent, secretsOf, stateOf } from '../../fixtures/rights/outside.ts';
import { bound, NAMESPACES, OWNERS, withRights } from '../../fixtures/rights/owners.ts';
import { poolOf } from '../../fixtures/rights/poolOf.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

/** Else the same ones each time. */
const FULL = process.env['CHAOS'] === 'full';
const INPUTS = FULL ? 30 : 3;
const TOKENS = FULL ? 10 : 2;
/** Streams never end by themselves: what came until then is looked at. */
const PATIENCE_MS = 500;

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Requests that the document allows. */
function requestsOf(
  document: JsonSchema,
  [path, method, operation]: readonly [string, string, Operation],
  pool: ReturnType<typeof poolOf>,
): fc.Arbitrary<Asked> {
  const parameters = (operation.parameters ?? []).filter(one => one.$ref === undefined);
  const named = (place: string) =>
    inputOf(
      {
        type: 'object',
        properties: Object.fromEntries(
          parameters.filter(one => one.in === place).map(({ name, schema }) => [name, schema]),
        ),
        required: parameters.filter(one => one.in === place && one.required).map(({ name }) => name),
      },
      pool,
      document,
    ) as fc.Arbitrary<Record<string, unknown>>;
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body = schema ? inputOf(schema, pool, document) : fc.constant(undefined);
  return fc.tuple(named('path'), named('query'), body).map(([inPath, query, sent]) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(inPath[name])));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      for (const one of [value].flat()) search.append(name, String(one));
    return {
      method: method.toUpperCase(),
      path: `${filled}${search.size > 0 ? `?${search}` : ''}`,
      ...(sent !== undefined && { body: sent }),
    };
  });
}

/** What clients of redis/agent-memory-server ask: those paths have a description of their own. */
function agentMemoryRequests(all: readonly Filled[]): readonly Asked[] {
  const search = '/v1/long-term-memory/search';
  return all.flatMap(({ namespace, ids }) => [
    { method: 'GET', path: `/v1/working-memory/?namespace=${namespace}` },
    { method: 'GET', path: `/v1/working-memory/${ids.session[0]}?namespace=${namespace}` },
    ...ids.memory.map(id => ({ method: 'GET', path: `/v1/long-term-memory/${id}` })),
    { method: 'POST', path: search, body: { text: 'deploy', namespace: { eq: namespace } } },
    { method: 'POST', path: search, body: { text: 'deploy', namespace: { ne: 'x' } } },
    { method: 'POST', path: search, body: { text: 'deploy', session_id: { eq: ids.session[0] } } },
    { method: 'DELETE', path: `/v1/long-term-memory?memory_ids=${ids.memory[0]}` },
    { method: 'PATCH', path: `/v1/long-term-memory/${ids.memory[1]}`, body: { text: 'changed' } },
    { method: 'DELETE', path: `/v1/working-memory/${ids.session[0]}?namespace=${namespace}` },
  ]);
}

describe('a token that is bound to namespaces, over REST', function () {
  this.timeout(FULL ? 3_600_000 : 600_000);

  it('is shown nothing from outside on any path, and changes nothing there', async () => {
    await fc.assert(
      fc.asyncProperty(bound, fc.integer(), async (rights: Rights, seed) => {
        await using folder = await temporaryFolder();
        await using memory = await restMemory({
          authenticate: async () => ({ subject: 'token:ci@central', rights }),
          caller: () => withRights(rights),
        });
        const { engine } = memory;
        const cursor = await engine.feed.position({});
        const all: Filled[] = [];
        for (const name of NAMESPACES) all.push(await fillNamespace(engine, name, OWNERS));
        const inside = all.filter(({ namespace }) => rights.namespaces!.includes(namespace));
        const outside = all.filter(one => !inside.includes(one));
        const names = outside.map(({ namespace }) => namespace);
        const secrets = secretsOf(outside, inside);
        const before = await stateOf(engine, names, OWNERS);
        const document = (await (await memory.request('GET', '/openapi.json')).json()) as JsonSchema & {
          paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
        };
        const pool = poolOf(all, join(folder.path, 'file.jsonl'), [cursor, cursor.split('/')[0]!]);
        const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
          Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
        );
        const asked = operations.flatMap(operation =>
          fc.sample(requestsOf(document, operation, pool), { numRuns: INPUTS, seed }),
        );
        // What was written with a name from outside stands inside from then on; so those that read come first.
        const rank = ({ method }: Asked) => (method === 'GET' ? 0 : 1);
        const answered = new Set<string>();
        let given = '';
        for (const one of [...asked, ...agentMemoryRequests(all)].sort((a, b) => rank(a) - rank(b))) {
          const question = `${one.method} ${decodeURIComponent(one.path)} ${JSON.stringify(one.body ?? null)}`;
          const { status, text } = await answerOf(memory.server.url, one);
          assert.ok(status < 500 || status === 503, `${question} => ${status} ${text.slice(0, 500)}`);
          if (status < 300) answered.add(one.path.split('?')[0]!);
          if (rank(one) > 0) given += question;
          assertSilent(text, given + question, secrets, `${status}`);
        }
        assertSame(before, await stateOf(engine, names, OWNERS));
        assert.ok(answered.size >= 20, `only these answered: ${[...answered].join(', ')}`);
      }),
      { numRuns: TOKENS, endOnFailure: true, ...(FULL ? {} : { seed: 7 }) },
    );
  });
});

async function answerOf(url: string, { method, path, body }: Asked) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let text = '';
  let status = 0;
  const decoder = new TextDecoder();
  try {
    const response = await fetch(url + path, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
      ...(method === 'GET' && path.startsWith('/v1/events') && { signal }),
    });
    status = response.status;
    for (const [name, value] of response.headers) text += `${name}: ${value}\n`;
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    if (!signal.aborted || !path.startsWith('/v1/events')) throw error;
  }
  return { status, text };
}

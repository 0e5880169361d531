import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { asksNobody } from '../../http/authenticate.ts';
import { openApiDocument } from '../openApi/openApiDocument.ts';
import { matchesNone } from '../requests/entityTags.ts';
import { RequestRefused } from '../requests/requestRefused.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { DOCS_POLICY, docsPage, docsStart } from './docsPage.ts';

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const FILES = { 'swagger-ui-bundle.js': JAVASCRIPT, 'swagger-ui.css': 'text/css; charset=utf-8' } as const;

/** `/openapi.json`, and `/docs`, where people read it and try requests. */
export function docsRoutes({ authenticate, docsFolder, version }: RestDeps): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  let document: { readonly text: string; readonly tag: string } | undefined;
  app.get('/openapi.json', c => {
    document ??= taggedText(openApiDocument(version, !asksNobody(authenticate)));
    c.header('etag', document.tag);
    if (!matchesNone(c.req.header('if-none-match'), document.tag)) return c.body(null, 304);
    return c.body(document.text, 200, { 'content-type': 'application/json' });
  });
  // The address that the server names when it starts; whoever opens it in a browser wants to read.
  app.get('/', c => c.redirect('/docs'));
  app.get('/docs', c => answer(c, docsPage, 'text/html; charset=utf-8'));
  app.get('/docs/start.js', c => answer(c, docsStart, JAVASCRIPT));
  for (const [name, type] of Object.entries(FILES))
    app.get(`/docs/${name}`, async c => answer(c, await fileOf(docsFolder, name), type));
  return app;
}

function answer(c: Context, body: string, type: string): Response {
  return c.body(body, 200, {
    'content-type': type,
    'content-security-policy': DOCS_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
}

async function fileOf(folder: string | undefined, name: string): Promise<string> {
  try {
    if (folder !== undefined) return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new RequestRefused(
    404,
    'not_found',
    'This installation has no page for people.',
    'Read GET /openapi.json with any OpenAPI viewer.',
  );
}

function taggedText(value: object): { readonly text: string; readonly tag: string } {
  const text = JSON.stringify(value);
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}

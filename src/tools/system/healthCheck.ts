import { z } from 'zod';
import { defineTool } from '../defineTool.ts';

const RANK = { ok: 0, warn: 1, fail: 2 } as const;
const status = z.enum(['ok', 'warn', 'fail']);

export const healthCheck = defineTool({
  name: 'health_check',
  title: 'Health check',
  description:
    'Looks at the store, the central Redis, the embedding model, the search index (which it repairs), the backlog, the room on disk and the GPU, ' +
    'each by using it; returns what it found and what to do. doctor looks at the settings and the clients too.',
  effect: 'reads',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    only: z.array(z.string().min(1).max(50)).max(50).optional().describe('Names of checks; default: all'),
  }),
  output: z.object({
    status: status.describe('The worst of them'),
    checks: z.array(z.object({ name: z.string(), status, detail: z.string(), fix: z.string().optional() })),
  }),
  async handle({ only }, { engine, signal }) {
    const checks = [];
    for await (const finding of engine.health.look(signal, only)) checks.push(finding);
    const worst = checks.reduce<keyof typeof RANK>(
      (most, one) => (RANK[one.status] > RANK[most] ? one.status : most),
      'ok',
    );
    return { status: worst, checks };
  },
  summarize: ({ checks }) =>
    checks
      .map(
        ({ detail, fix, name, status }) => `${status.padEnd(4)} ${name}: ${detail}${fix ? ` → ${fix}` : ''}`,
      )
      .join('\n'),
});

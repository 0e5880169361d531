import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

const DAY_MS = 86_400_000;

interface Example {
  readonly content: string;
  readonly type: string;
  /** Days since it was stored. */
  readonly days: number;
  readonly agent: string;
  readonly tags: readonly string[];
  readonly pinned?: boolean;
  readonly priority?: string;
}

/** What a team that charges cards might remember, from several agents and over some weeks. */
const EXAMPLES: readonly Example[] = [
  {
    content:
      '# Never charge a card twice\n\nEvery call to the bank carries the order id as idempotency key (`src/payments/charge.ts`). A retry without it charged 41 customers twice in March.\n\n- The key is `order:<id>:<attempt of the customer>`, never a random one.\n- The bank forgets a key after 24 hours; older retries go through `reconcile`.\n- Ask Ada before changing any of this.\n',
    type: 'document',
    days: 20,
    agent: 'claude',
    tags: ['payments', 'incident'],
    pinned: true,
    priority: 'critical',
  },
  {
    content:
      'Use pnpm in every package: npm workspaces hoisted two versions of React and broke the release build.',
    type: 'context',
    days: 34,
    agent: 'vscode',
    tags: ['build'],
    pinned: true,
  },
  {
    content:
      'The bank answers 503 for about a minute at 02:00 UTC; the nightly run waits instead of retrying.',
    type: 'context',
    days: 0,
    agent: 'claude',
    tags: ['payments'],
  },
  {
    content: 'Payments are retried five times with full jitter, since the bank drops one call in a hundred.',
    type: 'context',
    days: 0,
    agent: 'vscode',
    tags: ['payments', 'retries'],
  },
  {
    content:
      'export function backoff(attempt: number): number {\n  return Math.random() * Math.min(30_000, 100 * 2 ** attempt);\n}',
    type: 'code',
    days: 0,
    agent: 'vscode',
    tags: ['retries'],
  },
  {
    content: 'Ada wants migrations in two releases: add the column first, drop the old one a release later.',
    type: 'conversation',
    days: 1,
    agent: 'claude',
    tags: ['database'],
  },
  {
    content:
      'Flaky test checkout.spec.ts: it raced the webhook. Wait for the event `order.paid`, not for a timeout.',
    type: 'task',
    days: 1,
    agent: 'codex',
    tags: ['tests'],
  },
  {
    content:
      'We chose Redis streams over lists for the order queue, since lists lose work that was taken and not finished.',
    type: 'document',
    days: 4,
    agent: 'claude',
    tags: ['queue', 'decision'],
  },
  {
    content: 'Refunds need the role finance; the check is in src/refunds/mayRefund.ts, not in the router.',
    type: 'context',
    days: 5,
    agent: 'gemini',
    tags: ['refunds'],
  },
  {
    content: 'Amounts are integers in cents everywhere; only the template formats them.',
    type: 'context',
    days: 12,
    agent: 'vscode',
    tags: ['money'],
  },
];

/** Writes them as an export, which keeps their times. @param namespace they belong to */
export async function writeExampleMemories(file: string, namespace: string): Promise<void> {
  const now = Date.now();
  const lines = EXAMPLES.map(
    ({ content, type, days, agent, tags, pinned = false, priority = 'medium' }, i) => {
      const at = now - days * DAY_MS - i * 420_000;
      return {
        memory: {
          ...{ id: randomUUID(), namespace, agent, type, priority, visibility: 'public', sharedWith: [] },
          ...{ content, contentHash: createHash('sha256').update(content).digest('hex') },
          ...{ tags, metadata: {}, session: null, pinned, sensitive: false, owner: `ada@laptop/${agent}` },
          ...{ createdAt: at, updatedAt: at, accessedAt: at, accessCount: 0, expiresAt: null, version: 1 },
          ...{ externalId: null, provenance: { source: 'agent' }, trust: 0.5, review: 'unreviewed' },
          ...{ supersedes: null, validFrom: null, validUntil: null, anchors: [] },
        },
      };
    },
  );
  const all = [{ format: 'memory-central-export', version: 1 }, ...lines];
  await writeFile(file, all.map(line => `${JSON.stringify(line)}\n`).join(''));
}

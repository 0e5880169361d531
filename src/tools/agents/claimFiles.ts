import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { isoTime } from '../../engine/model/time.ts';
import type { FileClaim } from '../../engine/ports/fileClaimStore.ts';
import { defineTool, type ToolContext } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';

const claimView = z.object({
  id: z.string(),
  namespace: z.string(),
  globs: z.array(z.string()),
  agent: z.string(),
  note: z.string(),
  fence: z.number(),
  claimed_at: z.string(),
  until: z.string(),
});
type ClaimView = z.infer<typeof claimView>;

const DONE = ['claimed', 'renewed', 'released', 'listed'] as const;

const input = z.strictObject({
  globs: z.array(z.string().min(1)).optional().describe('Such as src/api/**'),
  note: z.string().optional(),
  ttl_seconds: z.number().max(86_400).optional().describe('Default: 1800'),
  claim_id: own.id.optional().describe('With fence: renew it'),
  fence: own.fence,
  release: z.boolean().optional().describe('Instead'),
  agent_id: own.agentId.describe('Who claims; default: this session'),
  namespace: field.writeNamespace,
});

export const claimFiles = defineTool({
  name: 'claim_files',
  title: 'Claim files',
  description:
    'Tells others which files you change; refused, with who, where others do. Without globs lists who works on what.',
  effect: 'writes',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input,
  advanced: ['agent_id', 'namespace'],
  output: z.object({ done: z.enum(DONE), claims: z.array(claimView) }),
  async handle(given, context) {
    const { claim_id, globs } = given;
    if (claim_id !== undefined) return { ...(await hold(claim_id, given, context)) };
    if (given.fence !== undefined || given.release)
      throw refused('It is not said which claim.', 'Give claim_id and fence, as the claim returned them.');
    const { engine, caller } = context;
    if (globs === undefined) {
      if (given.note !== undefined || given.ttl_seconds !== undefined)
        throw refused(
          'It is not said which files.',
          'Give globs too, or none of these to see who works on what.',
        );
      const claims = await engine.files.list(readNamespaces(given.namespace, caller));
      return { done: 'listed' as const, claims: claims.map(viewClaim) };
    }
    const { note, namespace, agent_id: agent } = given;
    const request = { globs, note, namespace, agent, ttlMs: own.toMs(given.ttl_seconds) };
    return { done: 'claimed' as const, claims: [viewClaim(await engine.files.claim(request, caller))] };
  },
  summarize({ done, claims }) {
    if (done === 'released') return 'Released.';
    if (claims.length === 0) return 'Nobody has claimed files.';
    const start = { claimed: 'Claimed', renewed: 'Renewed', listed: '' }[done];
    return claims.map(claim => `${start} ${claimLine(claim)}`.trim()).join('\n');
  },
});

/** Renews a claim, or gives it back. */
async function hold(
  id: string,
  { fence, globs, namespace, agent_id: agent, release, ttl_seconds, note }: z.infer<typeof input>,
  { engine, caller }: ToolContext,
) {
  if (globs !== undefined || note !== undefined)
    throw refused('A claim stays as it is.', 'Give claim_id and fence alone, or globs for another claim.');
  if (fence === undefined)
    throw refused('The fence of the claim is missing.', 'Give it as the claim returned it.');
  const held = { id, fence, namespace, agent };
  if (!release) {
    const claim = await engine.files.renew(held, own.toMs(ttl_seconds), caller);
    return { done: 'renewed' as const, claims: [viewClaim(claim)] };
  }
  await engine.files.release(held, caller);
  return { done: 'released' as const, claims: [] };
}

function viewClaim({ globs, claimedAt, until, owner: _, ...same }: FileClaim): ClaimView {
  return { ...same, globs: [...globs], claimed_at: isoTime(claimedAt), until: isoTime(until) };
}

function claimLine({ id, agent, globs, note, fence, until }: ClaimView): string {
  const why = note === '' ? '' : ` (${oneLine(note)})`;
  const which = globs.map(glob => oneLine(glob)).join(', ');
  return `${which} by ${oneLine(agent)}${why} until ${until.slice(0, 19)}Z; claim_id ${oneLine(id)}, fence ${fence}`;
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', `${message} Nothing was changed.`, fix);
}

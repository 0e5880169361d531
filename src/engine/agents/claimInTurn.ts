import { MemoryError } from '../errors.ts';
import { checkTexts } from '../memories/checkTexts.ts';
import type { ClaimOutcome, FileClaim, NewFileClaim, Overlaps } from '../ports/fileClaimStore.ts';

/** More processes than this hardly claim files of one namespace in the same moment. */
const MOST_ATTEMPTS = 50;

/** How a store looks at the claims of one namespace, and adds one. */
export interface ClaimTable {
  /** The live ones, and the fence of the last claim, 0 before the first; in one look. */
  look(): Promise<{ readonly fence: number; readonly claims: readonly FileClaim[] }>;
  /** @returns undefined where the fence of the last claim is another by now */
  grant(seenFence: number): Promise<FileClaim | undefined>;
}

/**
 * What `FileClaimStore.claim` says. Whether globs overlap may take a while, and nobody waits for it: what was looked at is granted only while
 * nobody has claimed anything since.
 */
export async function claimInTurn(
  claim: NewFileClaim,
  overlaps: Overlaps,
  { look, grant }: ClaimTable,
): Promise<ClaimOutcome> {
  checkTexts('A claim', claim);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const { fence, claims } = await look();
    const others = claims.filter(({ agent }) => agent !== claim.agent);
    if (others.some(({ id }) => id === claim.id)) throw taken(claim.id);
    const held = others.filter(({ globs }) => overlaps(claim.globs, globs));
    if (held.length > 0) return { held };
    const granted = await grant(fence);
    if (granted) return { granted };
  }
  throw allClaiming(claim.namespace);
}

function taken(id: string): MemoryError {
  return new MemoryError('conflict', `Another agent has a claim "${id}".`, 'Use another id.');
}

/** Whoever looks and then claims was overtaken each time. */
function allClaiming(namespace: string): MemoryError {
  return new MemoryError(
    'conflict',
    `Others claimed files of ${namespace} all the while.`,
    'Claim them again in a moment.',
  );
}

import { MemoryError } from '../errors.ts';
import { oneLine } from '../foreignText.ts';
import { checkText } from '../memories/checkText.ts';
import type { MaskTexts } from '../memories/maskTexts.ts';
import type { Caller } from '../model/caller.ts';
import { checkLeaseMs } from '../model/leaseTime.ts';
import { LIMITS } from '../model/limits.ts';
import { writeNamespace } from '../model/namespace.ts';
import { isoTime } from '../model/time.ts';
import type { FileClaim } from '../ports/fileClaimStore.ts';
import type { Identity } from '../ports/identity.ts';
import type { Work } from '../ports/work.ts';
import type { Agents } from './agents.ts';
import { checkGlobs } from './checkGlobs.ts';
import { compareClaims } from './globsOverlap.ts';

/** How long a claim holds unless it is renewed: as long as agents usually work on something. Milliseconds. */
const CLAIM_MS = 30 * 60_000;
/** Of those whose claims are in the way so many are told. */
const TOLD = 10;
const TOLD_CHARS = 200;

export interface FileRequest {
  readonly namespace?: string | undefined;
  readonly agent?: string | undefined;
  readonly globs: readonly string[];
  readonly note?: string | undefined;
  readonly ttlMs?: number | undefined;
}

/** A claim as its holder names it. */
export interface HeldFiles {
  readonly namespace?: string | undefined;
  readonly agent?: string | undefined;
  readonly id: string;
  readonly fence: number;
}

/** Who works on which files. Advice with a fence: nothing keeps a program from writing, but a stale holder is refused. */
export class FileClaims {
  readonly #work: Work;
  readonly #agents: Agents;
  readonly #identity: Identity;
  readonly #mask: MaskTexts;

  constructor(work: Work, agents: Agents, identity: Identity, mask: MaskTexts) {
    this.#work = work;
    this.#agents = agents;
    this.#identity = identity;
    this.#mask = mask;
  }

  /** Rejects with `conflict` when another agent holds some of them, and says who, which and until when. */
  async claim(request: FileRequest, caller: Caller): Promise<FileClaim> {
    const { globs, ttlMs = CLAIM_MS } = request;
    checkGlobs(globs);
    checkText('The note', request.note ?? '', LIMITS.titleChars);
    checkLeaseMs(ttlMs, 'claim');
    const { note } = await this.#mask({ note: request.note ?? '' });
    const namespace = writeNamespace(request.namespace, caller);
    const agent = await this.#agents.acting(request.agent, namespace, caller);
    const claim = {
      ...{ id: this.#identity.newId(), namespace, globs, note },
      ...{ agent: agent.id, owner: agent.owner },
    };
    const outcome = await this.#work.files.claim(claim, ttlMs, compareClaims());
    if ('granted' in outcome) return outcome.granted;
    const held = outcome.held
      .slice(0, TOLD)
      .map(
        ({ agent: who, globs: theirs, until }) =>
          `${oneLine(theirs.join(', '), TOLD_CHARS)} by ${oneLine(who)} until ${isoTime(until)}`,
      );
    if (outcome.held.length > TOLD) held.push(`and ${outcome.held.length - TOLD} more`);
    throw new MemoryError(
      'conflict',
      `Others work on these files: ${held.join('; ')}. Nothing was claimed.`,
      'Work on something else meanwhile, or agree with them: share_context_with_agent sends them a message.',
    );
  }

  async renew(held: HeldFiles, ttlMs = CLAIM_MS, caller: Caller): Promise<FileClaim> {
    checkLeaseMs(ttlMs, 'claim');
    return this.#work.files.renew(await this.#leaseOf(held, caller), ttlMs);
  }

  async release(held: HeldFiles, caller: Caller): Promise<void> {
    await this.#work.files.release(await this.#leaseOf(held, caller));
  }

  /** Live ones, oldest first. @param namespaces undefined: all */
  async list(namespaces: readonly string[] | undefined): Promise<readonly FileClaim[]> {
    return this.#work.files.list(namespaces);
  }

  async #leaseOf({ id, fence, namespace, agent }: HeldFiles, caller: Caller) {
    const where = writeNamespace(namespace, caller);
    return { id, fence, namespace: where, agent: (await this.#agents.acting(agent, where, caller)).id };
  }
}

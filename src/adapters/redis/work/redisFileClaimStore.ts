import { staleFileClaim } from '../../../engine/agents/agentRefusals.ts';
import { claimInTurn } from '../../../engine/agents/claimInTurn.ts';
import { isText, readObject } from '../../../engine/model/readJson.ts';
import type {
  ClaimOutcome,
  FileClaim,
  FileClaimStore,
  FileLease,
  NewFileClaim,
  Overlaps,
} from '../../../engine/ports/fileClaimStore.ts';
import { textOf, timeOf } from '../records/fields.ts';
import type { RecordSpace } from '../records/recordSpace.ts';
import { spaceOf, spacesOf } from './refs.ts';
import { type TogetherScript, togetherScripts } from './togetherScripts.ts';
import { WorkScripts } from './workScripts.ts';

interface Claims {
  readonly fence: number;
  readonly claims: readonly FileClaim[];
}

/** HASH `files:in:{space}` and `files:fences`, ZSET `files:until:{space}`. @see docs/redis-schema.md, "Claims on files" */
export class RedisFileClaimStore implements FileClaimStore {
  readonly #scripts: WorkScripts<TogetherScript<'files'>>;

  constructor(space: RecordSpace) {
    this.#scripts = new WorkScripts(space, togetherScripts('files'));
  }

  async claim(claim: NewFileClaim, ttlMs: number, overlaps: Overlaps): Promise<ClaimOutcome> {
    const { id, namespace, agent, owner, globs, note } = claim;
    const json = JSON.stringify({ agent, owner, globs, note });
    return claimInTurn(claim, overlaps, {
      look: async () => (await this.#read([namespace]))[0]!,
      grant: async seenFence => {
        const args = [spaceOf(namespace), namespace, seenFence, id, agent, ttlMs, json];
        const granted = (await this.#scripts.change('grantFiles', ...args)) as [number, number] | null;
        if (!granted) return undefined;
        const [fence, claimedAt] = granted;
        return { ...claim, fence, claimedAt, until: claimedAt + ttlMs };
      },
    });
  }

  async renew({ namespace, id, fence, agent }: FileLease, ttlMs: number): Promise<FileClaim> {
    const args = [spaceOf(namespace), id, fence, agent, ttlMs];
    const renewed = (await this.#scripts.change('renewFiles', ...args)) as [string, string] | null;
    const [claim] = renewed ? toClaim(namespace, id, ...renewed) : [];
    if (!claim) throw staleFileClaim(id);
    return claim;
  }

  async release({ namespace, id, fence, agent }: FileLease): Promise<void> {
    const args = [spaceOf(namespace), namespace, id, fence, agent];
    if ((await this.#scripts.change('releaseFiles', ...args)) === 0) throw staleFileClaim(id);
  }

  async releaseAll(namespace: string, agent: string): Promise<number> {
    return (await this.#scripts.change('releaseAllFiles', spaceOf(namespace), namespace, agent)) as number;
  }

  async list(namespaces: readonly string[] | undefined): Promise<readonly FileClaim[]> {
    const found = (await this.#read(namespaces)).flatMap(({ claims }) => claims);
    return found.toSorted(
      (a, b) => a.claimedAt - b.claimedAt || compare(a.namespace, b.namespace) || a.fence - b.fence,
    );
  }

  async #read(namespaces: readonly string[] | undefined): Promise<readonly Claims[]> {
    const wanted = namespaces ? ['spaces', ...spacesOf(namespaces)] : ['all'];
    const found = (await this.#scripts.ask('readFiles', ...wanted)) as readonly [
      space: string,
      fence: number,
      claims: readonly [id: string, json: string, until: string][],
    ][];
    return found.map(([space, fence, claims]) => ({
      fence,
      claims: claims.flatMap(claim => toClaim(decodeURIComponent(space), ...claim)),
    }));
  }
}

/** Nothing where another program wrote what cannot be read. */
function toClaim(namespace: string, id: string, json: string, until: string): readonly FileClaim[] {
  const { agent, claimed_at, fence, globs, note, owner } = readObject(json) ?? {};
  if (!Array.isArray(globs) || !globs.every(isText) || !isText(agent)) return [];
  return [
    {
      ...{ id, namespace, globs, agent, owner: textOf(owner), note: textOf(note), fence: Number(fence) },
      ...{ claimedAt: timeOf(textOf(claimed_at)), until: Math.round(Number(until) * 1000) },
    },
  ];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

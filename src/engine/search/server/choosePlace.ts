import type { MemoryError } from '../../errors.ts';
import type { IndexModel, SearchedIn } from '../../ports/memoryIndex.ts';
import type { ServerSearch } from '../../ports/serverSearch.ts';

/** What an index in the process takes for each memory besides its vector, as measured: docs/benchmarks.md. */
const MEMORY_BYTES = 1000;
/** Below this share of the budget a search comes back from the server, so that it does not go to and fro. */
const BACK_AT = 0.8;
const MIB = 2 ** 20;

export type AskedPlace = 'auto' | SearchedIn;

export interface Choice {
  readonly place: SearchedIn;
  readonly reason: string;
  /** With `server`: it cannot search at all. With `process`: more is held than should be, or soon may be. */
  readonly problem?: MemoryError | { readonly message: string };
}

export interface Choosing {
  readonly asked: AskedPlace;
  /** What was chosen last. */
  readonly before: SearchedIn | undefined;
  readonly memories: number;
  readonly memoryBytes: number;
  readonly model: IndexModel | null;
  readonly search: ServerSearch;
}

/** How many memories an index of so many bytes holds, at least 1. */
export function fitting(memoryBytes: number, model: IndexModel | null): number {
  return Math.max(1, Math.floor(memoryBytes / bytesEach(model)));
}

/** Where to search: in the process as long as its index fits, else on the server where it can. */
export async function choosePlace(choosing: Choosing): Promise<Choice> {
  const { asked, before, memories, memoryBytes, model, search } = choosing;
  const bytes = memories * bytesEach(model);
  const sizes = `its index takes about ${megabytes(bytes)} MB, of ${megabytes(memoryBytes)} (search.memoryMb)`;
  const fits = bytes <= (before === 'server' ? BACK_AT * memoryBytes : memoryBytes);
  if (asked === 'server') {
    const problem = await problemOf(search);
    return { place: 'server', reason: 'search.place says so', ...(problem && { problem }) };
  }
  const tooLarge = fits
    ? undefined
    : { message: `${sizes}; set search.place to server, or raise the budget` };
  if (asked === 'process')
    return { place: 'process', reason: 'search.place says so', ...(tooLarge && { problem: tooLarge }) };
  if (fits) return { place: 'process', reason: sizes };
  const problem = await problemOf(search);
  if (!problem) return { place: 'server', reason: sizes };
  return { place: 'process', reason: sizes, problem: { message: `${sizes}, and ${problem.message}` } };
}

/** One that is out of reach may have Search: whether it answers shows at each search. */
async function problemOf(search: ServerSearch): Promise<MemoryError | undefined> {
  return search.problem().catch(() => undefined);
}

function bytesEach(model: IndexModel | null): number {
  return MEMORY_BYTES + (model?.dimensions ?? 0);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / MIB);
}

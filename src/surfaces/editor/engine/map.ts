import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';
import type { MapAnswer, Question } from '../webviews/messages/browserProtocol.ts';
import { browse, filterOf } from './browse.ts';

/** What the map asks of the engine. */
export interface MapRequest {
  readonly question: Question;
  /** Waits until the places are at their best. */
  readonly refined: boolean;
}

type Mapped = Parameters<typeof browse>[0] & Pick<Engine, 'maps' | 'status'>;

/** A search marks so many memories at most. */
const MOST_FOUND = 1000;
/** So many names are told apart; the rarer ones are others. */
const MOST_NAMES = 255;

/** All memories of the namespaces with their places; of those, which ones match. */
export async function mapOf(
  engine: Mapped,
  { question, refined }: MapRequest,
  caller: Caller,
  signal: AbortSignal,
): Promise<MapAnswer> {
  const namespaces = readNamespaces(question.filters.namespace, caller);
  const map = refined
    ? await engine.maps.refined(namespaces, caller, signal)
    : await engine.maps.look(namespaces, caller, signal);
  const matching = await matchingIds(engine, question, caller, signal);
  const problem = map.without > 0 ? (await engine.status()).problem : undefined;
  const types = numbered(map.types);
  const agents = numbered(map.agents.map(agent => agent ?? ''));
  return {
    ...{ ids: map.ids, places: map.places, without: map.without, cut: map.cut, refined: map.refined },
    ...{ types: types.numbers, typeNames: types.names },
    ...{ agents: agents.numbers, agentNames: agents.names },
    ...(matching && { matches: Uint8Array.from(map.ids, id => Number(matching.has(id))) }),
    ...(problem !== undefined && { problem }),
  };
}

/** undefined: nothing was asked but where to look */
async function matchingIds(
  engine: Mapped,
  question: Question,
  caller: Caller,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const { filters, query } = question;
  const { namespace: _, ...conditions } = filters;
  if (query.trim() !== '' || filters.stale) {
    const { rows } = await browse(engine, { question, offset: 0, limit: MOST_FOUND }, caller, signal);
    return new Set(rows.map(({ id }) => id));
  }
  if (Object.keys(conditions).length === 0) return undefined;
  return new Set(await engine.maps.matching(filterOf(filters, caller), caller, signal));
}

/** The names, most frequent first, and of each place the index of its name; `MOST_NAMES` for one that is left out. */
function numbered(all: readonly string[]): {
  readonly names: readonly string[];
  readonly numbers: Uint8Array<ArrayBuffer>;
} {
  const counts = new Map<string, number>();
  for (const name of all) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts]
    .sort(([a, most], [b, fewer]) => fewer - most || (a < b ? -1 : 1))
    .slice(0, MOST_NAMES)
    .map(([name]) => name);
  const numberOf = new Map(names.map((name, number) => [name, number]));
  return { names, numbers: Uint8Array.from(all, name => numberOf.get(name) ?? MOST_NAMES) };
}

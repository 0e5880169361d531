import type { CandidateQuery } from '../../../engine/ports/serverSearch.ts';
import { namespacesSeen } from '../../../engine/search/namespacesSeen.ts';
import { packed, tagOf, tagsSeenBy, UNREVIEWED, unreviewedBy, word } from './documentFields.ts';
import { QueryText, type QueryValue, type TagField } from './queryText.ts';

/** What the nearest are sorted by. */
const DISTANCE = 'distance';
/** From so many memories on the graph is faster. */
const WIDE = 5_000;
/** Parameters may stand for values from this version of the query language on. */
const DIALECT = ['DIALECT', 2] as const;

/** Arguments of FT.SEARCH after the name of the index. */
export type SearchArguments = readonly QueryValue[];

/** Those that hold most of the terms, by BM25. */
export function byWords(query: CandidateQuery): SearchArguments {
  const text = new QueryText();
  const parts = [...conditions(text, query), text.words(query.terms.map(word))];
  return [
    parts.join(' '),
    ...text.parameters,
    ...['SCORER', 'BM25STD', 'NOCONTENT', 'LIMIT', 0, query.byWords],
    ...DIALECT,
  ];
}

/**
 * Those whose vectors are nearest, by cosine.
 * @param many the viewer may see so many in the namespaces, as far as it is known
 */
export function byMeaning(
  query: CandidateQuery,
  vector: Float32Array,
  many: number | undefined,
): SearchArguments {
  const text = new QueryText();
  const allowed = conditions(text, query).join(' ');
  const nearest = `KNN ${text.value(query.byMeaning)} @vector ${text.value(packed(vector))} AS ${DISTANCE}`;
  return [
    `(${allowed})=>[${nearest}]${isWide(query, many) ? '=>{$HYBRID_POLICY: BATCHES}' : ''}`,
    ...text.parameters,
    ...['SORTBY', DISTANCE, 'NOCONTENT', 'LIMIT', 0, query.byMeaning],
    ...DIALECT,
  ];
}

/** How many the viewer may see in the namespaces; with a term, how many of them hold it. */
export function count(query: CandidateQuery, term?: number): SearchArguments {
  const text = new QueryText();
  const parts = [...rights(text, query), ...(term === undefined ? [] : [text.words([word(term)])])];
  return [parts.join(' '), ...text.parameters, ...['NOCONTENT', 'LIMIT', 0, 0], ...DIALECT];
}

/** Most of the index may be found: then its graph is followed, where the server by itself would compare every vector. */
function isWide(query: CandidateQuery, many = 0): boolean {
  const { agent, labels, priorities, session, since, tags = [], types, until } = query;
  const narrow = [agent, labels, priorities, session, since, types, until].some(one => one !== undefined);
  return many >= WIDE && !narrow && tags.length === 0;
}

function rights(text: QueryText, query: CandidateQuery): readonly string[] {
  const { unreviewedOf, viewer } = query;
  const namespaces = namespacesSeen(query);
  return [
    text.anyOf('seen', tagsSeenBy(viewer)),
    ...(namespaces
      ? [
          text.anyOf(
            'namespace',
            namespaces.map(one => tagOf('namespace', one)),
          ),
        ]
      : []),
    // Those few that are not to be found are left out.
    ...(unreviewedOf === undefined
      ? []
      : [
          `-(${text.anyOf('unreviewed', [UNREVIEWED])} ${text.noneOf('unreviewed', [unreviewedBy(unreviewedOf)])})`,
        ]),
  ];
}

function conditions(text: QueryText, query: CandidateQuery): readonly string[] {
  const { agent, labels = [], now, session, since, tags = [], types, until } = query;
  const { priorities } = query;
  const any = (field: TagField, labels: readonly string[]) =>
    text.anyOf(
      field,
      labels.map(label => tagOf(field, label)),
    );
  return [
    ...rights(text, query),
    priorities ? any('priority', priorities) : text.noneOf('priority', [tagOf('priority', 'archive')]),
    ...(types ? [any('type', types)] : []),
    ...(agent === undefined ? [] : [any('agent', [agent])]),
    ...(session === undefined ? [] : [any('session', [session])]),
    ...tags.map(tag => any('tags', [tag])),
    // Beginnings are left to the replica: a tag here is the hash of a label.
    ...labels.flatMap(({ any: some, none, of }) => {
      const field = of === 'tag' ? 'tags' : 'session';
      const tagged = (names: readonly string[]) => names.map(name => tagOf(field, name));
      return [
        ...(some?.length ? [text.anyOf(field, tagged(some))] : []),
        ...(none?.length ? [text.noneOf(field, tagged(none))] : []),
      ];
    }),
    // Times are whole milliseconds.
    ...(since === undefined && until === undefined
      ? []
      : [text.between('created', since, until === undefined ? undefined : until - 1)]),
    // The few that are not to be found are left out: to intersect with all others costs ten times as much.
    `-${text.between('expires', undefined, now)}`,
    `-${text.between('from', now + 1, undefined)}`,
    `-${text.between('until', undefined, now)}`,
  ];
}

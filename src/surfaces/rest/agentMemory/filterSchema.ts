import { z } from 'zod';
import type { TextCondition, TimeCondition } from '../../../engine/longTerm/recordFilter.ts';
import { recordType } from './recordWire.ts';
import { time } from './wireTime.ts';

const INCLUSIVE = ['both', 'neither', 'left', 'right'] as const;

/**
 * A condition on labels: with the words of the server (`eq ne any all startswith`), and those of its Python client (`in_ not_eq not_in none`). An
 * operator that nobody knows is refused, since to pass it over would answer more than was asked for.
 */
export const textFilter = filterOf(z.string());
export const typeFilter = filterOf(recordType);

function filterOf<V extends z.ZodType<string, string>>(value: V) {
  const one = value.nullish();
  const some = z.array(value).nullish();
  const words = z.strictObject({
    ...{ field: z.string().nullish(), eq: one, ne: one, not_eq: one },
    ...{
      any: some,
      all: some,
      none: some,
      in_: some,
      in: some,
      not_in: some,
      startswith: z.string().nullish(),
    },
  });
  return z.union([value, z.array(value), words]).transform((given, context): TextCondition => {
    if (typeof given === 'string') return { eq: given };
    if (Array.isArray(given)) return { any: given };
    const filter = given as z.output<typeof words>;
    const lists = { any: filter.any ?? filter.in_ ?? filter.in, none: filter.none ?? filter.not_in };
    for (const [name, list] of Object.entries({ ...lists, all: filter.all }))
      if (list?.length === 0)
        context.addIssue({ code: 'custom', message: `${name} cannot be an empty list` });
    const ne = filter.ne ?? filter.not_eq;
    if (filter.eq != null && ne != null)
      context.addIssue({ code: 'custom', message: 'eq and ne cannot both be set' });
    return {
      ...{ eq: filter.eq ?? undefined, ne: ne ?? undefined, all: filter.all ?? undefined },
      ...{ any: lists.any ?? undefined, none: lists.none ?? undefined },
      startsWith: filter.startswith ?? undefined,
    };
  });
}

const at = time.nullish();

export const timeFilter = z
  .strictObject({
    ...{ field: z.string().nullish(), gt: at, gte: at, lt: at, lte: at, eq: at, ne: at },
    between: z.tuple([time, time]).nullish(),
    inclusive: z.enum(INCLUSIVE).default('both'),
  })
  .transform(({ between, eq, field: _, gt, gte, inclusive, lt, lte, ne }, context): TimeCondition => {
    const named = { gt, gte, lt, lte, eq, ne };
    const given = Object.values(named).filter(value => value != null);
    if (between && given.length > 0)
      context.addIssue({ code: 'custom', message: 'between cannot be set with other conditions' });
    if (!between)
      return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, value ?? undefined]));
    const [from, to] = between;
    return {
      ...(inclusive === 'both' || inclusive === 'left' ? { gte: from } : { gt: from }),
      ...(inclusive === 'both' || inclusive === 'right' ? { lte: to } : { lt: to }),
    };
  });

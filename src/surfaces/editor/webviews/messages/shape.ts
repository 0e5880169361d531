/**
 * What a message has to look like. Plain functions instead of a library: the extension host loads them at start, and a web page has
 * them too.
 */
export interface Shape<T> {
  /** @returns a copy that holds what is named, and nothing else; throws `ShapeError`. @param at where in the message, for the error */
  parse(value: unknown, at?: string): T;
}

/** The type that a shape lets pass. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

interface TextRule {
  /** UTF-16 units at most. */
  readonly max?: number;
}

interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

export function text({ max = Number.MAX_SAFE_INTEGER }: TextRule = {}): Shape<string> {
  return checked('text', (value): value is string => typeof value === 'string' && value.length <= max);
}

/** A number that is finite. */
export function number({ min = -Infinity, max = Infinity, integer = false }: NumberRule = {}): Shape<number> {
  return checked(
    'a number in its range',
    (value): value is number =>
      Number.isFinite(value) &&
      (value as number) >= min &&
      (value as number) <= max &&
      (!integer || Number.isInteger(value)),
  );
}

export function boolean(): Shape<boolean> {
  return checked('true or false', (value): value is boolean => typeof value === 'boolean');
}

export function nothing(): Shape<null> {
  return checked('null', (value): value is null => value === null);
}

export function oneOf<const T extends string>(values: readonly T[]): Shape<T> {
  return checked(`one of ${values.join(', ')}`, (value): value is T => values.includes(value as T));
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return { parse: (value, at) => (value === null ? null : shape.parse(value, at)) };
}

/** Numbers that are sent without being copied one by one. @param max elements at most */
export function floats(max: number): Shape<Float32Array> {
  return checked(
    `at most ${max} floats`,
    (value): value is Float32Array => value instanceof Float32Array && value.length <= max,
  );
}

/** The same of integers from 0 to 255. */
export function bytes(max: number): Shape<Uint8Array> {
  return checked(
    `at most ${max} bytes`,
    (value): value is Uint8Array => value instanceof Uint8Array && value.length <= max,
  );
}

/** @param max elements at most */
export function list<T>(shape: Shape<T>, max = 100_000): Shape<readonly T[]> {
  return {
    parse(value, at = '') {
      if (!Array.isArray(value) || value.length > max) throw mismatch(`a list of at most ${max}`, at);
      return value.map((one, index) => shape.parse(one, `${at}[${index}]`));
    },
  };
}

/** Names that are not known beforehand. */
export function dictionary<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    parse(value, at = '') {
      return Object.fromEntries(
        Object.entries(asObject(value, at)).map(([key, one]) => [key, shape.parse(one, `${at}.${key}`)]),
      );
    },
  };
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Shapes<F extends Fields> = { readonly [K in keyof F]: Shaped<F[K]> };

/** @param optional may be absent */
export function object<R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Shape<Shapes<R> & Partial<Shapes<O>>> {
  return {
    parse(value, at = '') {
      const given = asObject(value, at);
      const result: Record<string, unknown> = {};
      for (const [key, shape] of Object.entries(required))
        result[key] = shape.parse(given[key], `${at}.${key}`);
      for (const [key, shape] of Object.entries(optional ?? {}))
        if (given[key] !== undefined) result[key] = shape.parse(given[key], `${at}.${key}`);
      return result as Shapes<R> & Partial<Shapes<O>>;
    },
  };
}

function checked<T>(wanted: string, is: (value: unknown) => value is T): Shape<T> {
  return {
    parse(value, at = '') {
      if (!is(value)) throw mismatch(wanted, at);
      return value;
    },
  };
}

function asObject(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch('an object', at);
  return value as Readonly<Record<string, unknown>>;
}

function mismatch(wanted: string, at: string): ShapeError {
  return new ShapeError(`The message's ${at.replace(/^\./, '') || 'content'} is not ${wanted}.`);
}

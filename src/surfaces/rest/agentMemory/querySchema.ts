import { z } from 'zod';

/** A whole number of an address, or of a client that sends it as text. */
export const whole = z
  .union([z.number(), z.string().regex(/^\s*-?\d+\s*$/)])
  .transform(Number)
  .pipe(z.int());

const TRUE = ['true', '1', 'yes', 'on', 't', 'y'];
const FALSE = ['false', '0', 'no', 'off', 'f', 'n'];
/** As pydantic reads one. */
export const flag = z
  .string()
  .transform(text => text.toLowerCase())
  .pipe(z.enum([...TRUE, ...FALSE]))
  .transform(text => TRUE.includes(text));

/** A text of an address; empty: none. */
export const named = z
  .string()
  .optional()
  .transform(text => text || undefined);

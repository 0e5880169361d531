import { z } from 'zod';
import { LIMITS } from '../engine/model/limits.ts';
import { MEMORY_TYPES, PRIORITIES, VISIBILITIES } from '../engine/model/memory.ts';

/** Input fields that several tools share, so that each reads the same everywhere. Descriptions are short: every client pays for them. */
export const memoryId = z.string().min(1).max(LIMITS.idChars);
export const memoryType = z.enum(MEMORY_TYPES);
export const priority = z.enum(PRIORITIES);
export const visibility = z.enum(VISIBILITIES);
export const tags = z.array(z.string().min(1).max(LIMITS.tagChars)).max(LIMITS.tags);
export const name = z.string().min(1).max(LIMITS.nameChars);
/** An ISO 8601 date or time; without an offset it is UTC for a date and local for a time, as ECMAScript reads it. */
export const instant = z
  .string()
  .refine(
    text => /^\d{4}-\d\d-\d\d(T|$)/.test(text) && !Number.isNaN(Date.parse(text)),
    'must be an ISO date or time, such as 2026-03-01',
  )
  .refine(isDay, 'must be a day that exists');
export const metadata = z.record(z.string(), z.json());

export const writeNamespace = z.string().optional().describe('Default: this repository');
export const readNamespace = z
  .string()
  .optional()
  .describe('Comma-separated; default: this repository and global');
export const limit = (value: number, max = 100) => z.number().int().min(1).max(max).default(value);
export const threshold = z.number().min(0).max(1).default(0).describe('Least score, 0-1');

/** Milliseconds since the epoch of an ISO date or time. */
export function toMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

/** ECMAScript reads 31 February as 3 March. @param text that begins with a date, else it is no matter here */
function isDay(text: string): boolean {
  const date = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) || new Date(ms).toISOString().startsWith(date!);
}

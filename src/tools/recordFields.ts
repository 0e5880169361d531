import { z } from 'zod';
import { isoTime } from '../engine/model/time.ts';

/** Fields that the tools of the records share, so that each reads the same everywhere. */
export const text = (max = 100_000) => z.string().max(max).default('');
export const node = z.string().max(200).default('').describe('The machine');
export const count = (value: number, max = 1000) => z.number().int().min(1).max(max).default(value);
export const amount = z.number().min(0);

/** null: another program left no time that can be read. */
export const time = z.string().nullable();

/** @param ms since the epoch; 0 where the time is not known */
export function toTime(ms: number): string | null {
  return ms === 0 ? null : isoTime(ms);
}

/** A time in a line for people, to the minute. */
export function shortTime(at: string | null): string {
  return at === null ? 'unknown time' : `${at.slice(0, 10)} ${at.slice(11, 16)}`;
}

/** Lines for people. @param nothing what is said where there is none */
export function lines<T>(items: readonly T[], line: (item: T) => string, nothing: string): string {
  return items.length === 0 ? nothing : items.map(line).join('\n');
}

import { z } from 'zod';
import { LIMITS } from '../../engine/model/limits.ts';

/** Input fields that tools of tasks and agents share. Descriptions are short: every client pays for them. */
export const id = z.string().min(1).max(LIMITS.idChars);
/** Default: the agent of the session. */
export const agentId = id.optional();
export const fence = z.number().optional();
export const leaseId = z.string().optional();
/** The engine says which lengths a lease may have; what is longer than a day is no number of seconds. */
export const leaseSeconds = z.number().max(86_400).optional();
export const words = z.string().max(LIMITS.workChars);
export const capabilities = z.array(z.string().min(1).max(LIMITS.tagChars)).max(LIMITS.capabilities);

export function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

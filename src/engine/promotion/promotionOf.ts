import type { Memory, Priority } from '../model/memory.ts';
import { type Operation, PROMOTION } from '../model/operation.ts';

const DAY_MS = 86_400_000;
/** From low to medium. To be of high priority a memory is used so many times as often. */
const STEPS: Partial<Record<Priority, { readonly to: Priority; readonly times: number }>> = {
  low: { to: 'medium', times: 1 },
  medium: { to: 'high', times: 3 },
};

export interface PromotionRules {
  /** Uses that raise a memory from low to medium; thrice as many from medium to high. >= 1 */
  readonly uses: number;
  /** Or so many users within `recentDays`; twice as many from medium to high. >= 1 */
  readonly users: number;
  /** Days since its last use, at most. > 0 */
  readonly recentDays: number;
  /** Days that a priority stays before it rises again. >= 0 */
  readonly restDays: number;
}

export interface Usage {
  /** Who used it within `recentDays`. */
  readonly users: number;
  /** Its operations, as far as they are known. */
  readonly operations: readonly Operation[];
}

/** Priority a memory rises to, and why. */
export interface Rise {
  readonly to: Priority;
  readonly reason: string;
}

/** Uses, or users, below which no memory rises. */
export function leastUses({ users, uses }: PromotionRules): number {
  return Math.min(uses, users);
}

/**
 * Whether what a memory is used for raises it, by one step, to high at most. Never after somebody has set its priority since it rose: they
 * knew better. So it rises once a step, and nothing falls by itself.
 * @param now ms
 */
export function promotionOf(
  { accessCount, accessedAt, priority }: Memory,
  { operations, users }: Usage,
  rules: PromotionRules,
  now: number,
): Rise | undefined {
  const step = STEPS[priority];
  if (!step || accessedAt < now - rules.recentDays * DAY_MS) return undefined;
  const often = accessCount >= rules.uses * step.times;
  const bySeveral = users >= rules.users * (step.times > 1 ? 2 : 1);
  if (!often && !bySeveral) return undefined;
  const settings = operations.filter(({ kind, patch }) => kind === 'update' && patch.priority !== undefined);
  const last = settings.reduce<Operation | undefined>(
    (newest, one) => (newest && newest.seq > one.seq ? newest : one),
    undefined,
  );
  if (last) {
    const isOurs = isPromotion(last);
    if (!isOurs && settings.some(isPromotion)) return undefined;
    if (last.at > now - rules.restDays * DAY_MS || (isOurs && accessedAt <= last.at)) return undefined;
  }
  const by = users > 1 ? ` by ${users} users` : '';
  return { to: step.to, reason: `used ${accessCount} times${by}` };
}

function isPromotion({ instance, undoes }: Operation): boolean {
  return undoes === null && instance.startsWith(PROMOTION);
}

import { PRIORITIES } from '../../src/engine/model/memory.ts';
import { seeded } from '../../test/fixtures/vectors.ts';

const CAPABILITIES = Array.from({ length: 12 }, (_, i) => `capability-${i}`);
/** Sets of capabilities that tasks ask for. */
const SIGNATURES = 50;

/** Tasks and agents of many kinds, the same in every run. */
export function mixture() {
  const random = seeded(11);
  const some = (most: number) =>
    CAPABILITIES.filter(() => random() < most / CAPABILITIES.length).slice(0, most);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const signatures = Array.from({ length: SIGNATURES }, () => some(3));
  return {
    /** What the next task asks for. */
    wanted: () => ({ capabilities: pick(signatures), priority: pick(PRIORITIES) }),
    /** What the next agent can do. */
    skills: () => some(8),
  };
}

/** Off: nothing. Mark: whoever recalls one is told. Hold: nobody but its author and people find it. */
export const REVIEW_GATES = ['off', 'mark', 'hold'] as const;
/** What becomes of memories that no person has looked at. */
export type ReviewGate = (typeof REVIEW_GATES)[number];

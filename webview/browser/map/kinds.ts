/** The colour and shape that all names share but the most frequent ones, which have 0 to 6. */
export const OTHERS = 7;

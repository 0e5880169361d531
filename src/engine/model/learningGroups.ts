/** Groups that read the learning queue. Each sees every entry that was appended after the group was made, which the first append does at the latest. */
export const LEARNING_GROUPS = ['training_pipeline', 'analytics'] as const;
export type LearningGroup = (typeof LEARNING_GROUPS)[number];

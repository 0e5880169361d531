/** Why a task ended that nobody ended on purpose; both stores say it alike. */
export const DEADLINE_OVER = 'Its deadline is over.';
export const LOST_TOO_OFTEN = 'Its lease was lost too often.';

/** @param id of the task that was cancelled, on which it depends at first hand */
export function dependencyCancelled(id: string): string {
  return `It depends on ${id}, which was cancelled.`;
}

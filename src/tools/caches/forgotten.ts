import { z } from 'zod';

/** How many entries a tool forgot. */
export const forgotten = z.object({ forgotten: z.number() });

export function summarizeForgotten({ forgotten }: { readonly forgotten: number }): string {
  return `Forgot ${forgotten} ${forgotten === 1 ? 'entry' : 'entries'}.`;
}

import { z } from 'zod';

const common = {
  session_id: z.string().min(1),
  transcript_path: z.string().optional(),
};

/** What Claude Code writes to a hook's stdin, as far as it is used here; it may say more, and send other events. */
export const hookEvent = z.discriminatedUnion('hook_event_name', [
  z.object({
    ...common,
    hook_event_name: z.literal('SessionStart'),
    source: z.enum(['startup', 'resume', 'clear', 'compact']).catch('startup'),
  }),
  z.object({ ...common, hook_event_name: z.literal('UserPromptSubmit'), prompt: z.string() }),
  z.object({
    ...common,
    hook_event_name: z.literal('Stop'),
    /** It goes on because a hook asked it to: whoever asks again would never let it end. */
    stop_hook_active: z.boolean(),
    /** What still runs, and will wake the session: it only pauses. */
    background_tasks: z.array(z.unknown()).default([]),
  }),
]);
export type HookEvent = z.infer<typeof hookEvent>;

/** What it reads from stdout: text that the model is given beside the conversation. */
export interface HookAnswer {
  readonly hookSpecificOutput: {
    readonly hookEventName: HookEvent['hook_event_name'];
    readonly additionalContext: string;
  };
}

import { counted } from '../../tools/counted.ts';

/** What a store's file holds that no migration takes along. */
export interface LeftBehind {
  /** Tasks that have not ended. */
  readonly tasks: number;
  /** Contexts that are shared still. */
  readonly contexts: number;
  /** Tokens that would open something still. */
  readonly tokens: number;
}

export const NOTHING_LEFT: LeftBehind = { tasks: 0, contexts: 0, tokens: 0 };

/** Such as `2 open tasks and 1 token`; undefined: nothing. */
export function leftText({ contexts, tasks, tokens }: LeftBehind): string | undefined {
  const many = [
    ...(tasks > 0 ? [counted(tasks, 'open task')] : []),
    ...(contexts > 0 ? [counted(contexts, 'shared context')] : []),
    ...(tokens > 0 ? [counted(tokens, 'token')] : []),
  ];
  if (many.length < 2) return many[0];
  return `${many.slice(0, -1).join(', ')} and ${many.at(-1)}`;
}

/** What to do about it. */
export function leftFix({ contexts, tasks, tokens }: LeftBehind): string {
  return [
    ...(tasks + contexts > 0 ? ['submit and share anew what still counts'] : []),
    ...(tokens > 0 ? ['make tokens anew, or programs get 401: memory-central token create'] : []),
  ].join('; ');
}

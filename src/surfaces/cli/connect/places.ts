/** Where clients keep their configuration on this machine. */
export interface Places {
  readonly home: string;
  /** Root of the project in which the command was given. */
  readonly project: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** `user`: every project of this user. `project`: this one, for everybody who works on it. */
export type Scope = 'user' | 'project';

/** How a client reaches the memory: a program it starts, or a server; without a token it asks the server where to get one. */
export type Launch =
  | { readonly kind: 'stdio'; readonly command: string; readonly args: readonly string[] }
  | { readonly kind: 'http'; readonly url: string; readonly token?: string };

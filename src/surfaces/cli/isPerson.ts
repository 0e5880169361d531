/** What clients set in the shells that their agents use. */
const OF_AGENTS = ['AI_AGENT', 'CLAUDECODE', 'CODEX_SANDBOX', 'CURSOR_AGENT', 'GEMINI_CLI', 'OPENCODE'];

/**
 * Whether a person types, as far as can be known: a command line that bears an agent's label, or runs in an agent's shell, is the agent's.
 * @param agent label of who stores; undefined: none was given
 */
export function isPerson(
  agent: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return agent === undefined && !OF_AGENTS.some(name => env[name]);
}

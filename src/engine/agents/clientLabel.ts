/** Gemini CLI puts the name that the server has in its settings at the end. */
const GEMINI = 'gemini-cli-mcp-client';

/** What clients call themselves in MCP, and what `connect` calls them, where that is not the label that stands for them everywhere. */
const LABELS: Readonly<Record<string, string>> = {
  claude: 'claude-code',
  'codex-mcp-client': 'codex',
  gemini: 'gemini-cli',
  [GEMINI]: 'gemini-cli',
  'cursor-vscode': 'cursor',
  copilot: 'vscode',
  'visual-studio-code': 'vscode',
  'visual-studio-code-insiders': 'vscode',
};

/** Names that are labels as they are: nearly all, and this is told at a glance. */
const PLAIN = /^[a-z0-9._]+(-[a-z0-9._]+)*$/;
const LABEL_CHARS = 60;

/** The label of whoever has no name. */
export const NAMELESS = 'unknown';

/**
 * The label of a client: one, whichever of its names it is met under, so that what is left for it reaches it.
 * @param name such as `Codex-MCP-Client`; letters, digits, `.`, `_` and `-` are kept, in lower case
 * @returns 1..60 characters
 */
export function clientLabel(name: string): string {
  const short = name.length <= LABEL_CHARS && PLAIN.test(name) ? name : shortened(name);
  const known = short.startsWith(`${GEMINI}-`) ? GEMINI : short;
  return Object.hasOwn(LABELS, known) ? LABELS[known]! : short || NAMELESS;
}

function shortened(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LABEL_CHARS);
}

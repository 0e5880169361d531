import type { SecretLintCoreConfig } from '@secretlint/types';
import type { SecretFinding, SecretScanner } from '../../engine/ports/secretScanner.ts';
import { TOKEN_FORM } from '../../engine/tokens/tokenText.ts';

/** No secret is shorter: a text without such a run of characters holds none, and most notes end here. */
const POSSIBLE = /[^\s'"`]{12,}|pass|pwd|secret|token|key/i;

/**
 * Assignments of passwords and keys that no vendor's format gives away, such as `password: hunter2!` or `api_key=…`.
 * The value must look made up: at least eight characters with a digit or a sign in it; a name of a variable does not.
 */
const ASSIGNMENT =
  /\b(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret)\b["']?\s*(?::|=|\bis\b)\s*["'`]?(?<value>(?=[^\s"'`]*[\d!@#$%^&*+])[^\s"'`,;<>(){}[\]]{8,200})/giu;
/** `Authorization: Bearer …` and friends. */
const BEARER = /\b(?:bearer|basic)\s+(?<value>[\w+/.~-]{20,}={0,2})/giu;
/** Tokens of this server. */
const OWN = new RegExp(`(?<value>${TOKEN_FORM.source})`, 'g');

/**
 * Secrets by secretlint's recommended rules, by two patterns for what has no vendor's format, and by the form of our own tokens. The rules are loaded at the
 * first text that could hold a secret.
 */
export function createSecretlintScanner(): SecretScanner {
  let lint: Promise<(text: string) => Promise<SecretFinding[]>> | undefined;
  return {
    async scan(text) {
      if (!POSSIBLE.test(text)) return [];
      lint ??= loadSecretlint();
      return [
        ...(await (await lint)(text)),
        ...match('password', ASSIGNMENT, text),
        ...match('bearer-token', BEARER, text),
        ...match('memory-central', OWN, text),
      ];
    },
  };
}

async function loadSecretlint(): Promise<(text: string) => Promise<SecretFinding[]>> {
  const [{ lintSource }, { creator }, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // It keeps every mark of every text it ever saw and searches them each time: after some thousand texts nothing else runs.
  secretLintProfiler.mark = () => {};
  const config: SecretLintCoreConfig = { rules: [{ id: creator.meta.id, rule: creator }] };
  return async text => {
    const { messages } = await lintSource({
      source: { content: text, filePath: 'memory.txt', ext: '.txt', contentType: 'text' },
      options: { config, noPhysicFilePath: true },
    });
    return messages.map(({ ruleId, range }) => ({ rule: shortRule(ruleId), start: range[0], end: range[1] }));
  };
}

/** `@secretlint/secretlint-rule-github` is `github` to the reader. */
function shortRule(id: string): string {
  return id.replace(/^.*secretlint-rule-/, '');
}

function match(rule: string, pattern: RegExp, text: string): SecretFinding[] {
  return Array.from(text.matchAll(pattern), found => {
    const value = found.groups!['value']!;
    const start = found.index + found[0].lastIndexOf(value);
    return { rule, start, end: start + value.length };
  });
}

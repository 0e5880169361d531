import { MemoryError } from '../errors.ts';
import type { SecretScanner } from '../ports/secretScanner.ts';

/** What happens to a text in which a secret is found. */
export type SecretPolicy = 'mask' | 'refuse' | 'off';

export interface MaskedText {
  readonly text: string;
  /** Names of the rules that hit, each once; empty when nothing was found. */
  readonly rules: readonly string[];
}

/**
 * Keeps secrets out of the memory. `mask` replaces each by `[secret: rule]`; `refuse` throws
 * `invalid_input`, naming the rules and never the secret.
 */
export async function maskSecrets(
  text: string,
  scanner: SecretScanner,
  policy: SecretPolicy,
): Promise<MaskedText> {
  if (policy === 'off') return { text, rules: [] };
  const findings = await scanner.scan(text);
  if (findings.length === 0) return { text, rules: [] };
  const rules = [...new Set(findings.map(finding => finding.rule))];
  if (policy === 'refuse') {
    throw new MemoryError(
      'invalid_input',
      `The text holds a secret (${rules.join(', ')}); nothing was stored.`,
      'Remove the secret, or set secrets.policy to "mask".',
    );
  }
  let masked = '';
  let end = 0;
  for (const finding of [...findings].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (finding.end <= end) continue;
    masked += finding.start >= end ? `${text.slice(end, finding.start)}[secret: ${finding.rule}]` : '';
    end = finding.end;
  }
  return { text: masked + text.slice(end), rules };
}

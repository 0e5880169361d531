/**
 * What is wrong with a translation, for whoever mends it: a text without one, one of a text that is gone, one that is empty or names
 * other placeholders than its text.
 * @param file in which the translations are written
 */
export function translationFaults(
  file: string,
  texts: readonly string[],
  translations: Readonly<Record<string, string>>,
): readonly string[] {
  const wanted = new Set(texts);
  return [
    ...[...wanted]
      .filter(text => !translations[text]?.trim())
      .map(text => `is missing: ${JSON.stringify(text)}`),
    ...Object.keys(translations)
      .filter(text => !wanted.has(text))
      .map(text => `is left over: ${JSON.stringify(text)}`),
    ...Object.entries(translations)
      .filter(([text, translation]) => translation.trim() && placeholders(text) !== placeholders(translation))
      .map(([text]) => `has other placeholders: ${JSON.stringify(text)}`),
  ].map(fault => `${file}: ${fault}`);
}

/** Each as often as a text has it, in any order; commands that links run count too. */
function placeholders(text: string): string {
  return (text.match(/\{\d+\}|\(command:[^)]*\)/g) ?? []).sort().join(' ');
}

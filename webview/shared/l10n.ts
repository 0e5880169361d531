/** Translations by the English text, as the editor has them for its language; the host puts them into the page. */
const BUNDLE = JSON.parse(document.body.dataset['l10n'] ?? '{}') as Readonly<Record<string, string>>;

/** As `vscode.l10n` in the extension host, so that texts are found by the same tools. */
export const l10n = {
  /** @param text English, with `{0}` … for the arguments */
  t(text: string, ...args: readonly (string | number)[]): string {
    return (BUNDLE[text] ?? text).replace(/\{(\d+)\}/g, (whole, index) =>
      String(args[Number(index)] ?? whole),
    );
  },
};

import ts from 'typescript';

/** The texts that a file gives to `l10n.t`, in their order. Throws where one is not written out, since nobody could translate it. */
export function extractTexts(name: string, source: string): readonly string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslation(node.expression)) texts.push(textOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

/** `l10n.t`, `vscode.l10n.t`, or the `t` that a function took from one of them. */
function isTranslation(called: ts.Expression): boolean {
  if (ts.isIdentifier(called)) return called.text === 't';
  if (!ts.isPropertyAccessExpression(called) || called.name.text !== 't') return false;
  const from = called.expression;
  return ts.isPropertyAccessExpression(from)
    ? from.name.text === 'l10n'
    : ts.isIdentifier(from) && from.text === 'l10n';
}

function textOf(call: ts.CallExpression): string {
  const [text] = call.arguments;
  if (text && ts.isStringLiteralLike(text)) return text.text;
  const file = call.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(call.getStart());
  throw new Error(
    `${file.fileName}:${line + 1}: l10n.t wants a text that is written out, with {0} for what varies.`,
  );
}

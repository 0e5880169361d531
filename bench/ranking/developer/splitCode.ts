import ts from 'typescript';

/** Lines of a source file that belong together. Lines count from 1, the end is included. */
export interface CodePart {
  /** Where it is, such as `class Pool`; empty at the top. */
  readonly container: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

/** Neighbours below it are kept together: a row of imports, getters of one line. */
const SMALL = 500;

/**
 * A JavaScript or TypeScript file by its definitions, each with the comment above it; classes, interfaces and namespaces by their
 * members. Every line is in exactly one part, and longer parts are cut at lines.
 *
 * @param maxChars of a part, unless one line is longer
 */
export function splitCode(path: string, source: string, maxChars = 2000): readonly CodePart[] {
  const lines = source.split(/\r?\n/);
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const cuts = new Map<number, string>([[0, '']]);
  collect(file, file, '', cuts);
  const starts = [...cuts.keys()].sort((a, b) => a - b);
  const parts: CodePart[] = [];
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1] ?? lines.length;
    const container = cuts.get(start)!;
    const text = lines.slice(start, end).join('\n');
    const last = parts.at(-1);
    if (last && last.container === container && last.text.length + text.length < SMALL) {
      parts[parts.length - 1] = { ...last, endLine: end, text: `${last.text}\n${text}` };
      continue;
    }
    for (const [from, to] of cutAtLines(lines, start, end, maxChars))
      parts.push({ container, startLine: from + 1, endLine: to, text: lines.slice(from, to).join('\n') });
  }
  return parts.filter(part => part.text.trim() !== '');
}

/** The first line of each definition, from 0, and what it is in. */
function collect(file: ts.SourceFile, parent: ts.Node, container: string, cuts: Map<number, string>): void {
  const members = membersOf(parent);
  for (const member of members) {
    const comments = ts.getLeadingCommentRanges(file.text, member.getFullStart());
    const first = comments?.find(({ pos }) => startsLine(file, pos))?.pos ?? member.getStart(file);
    const { line } = file.getLineAndCharacterOfPosition(first);
    if (!cuts.has(line)) cuts.set(line, container);
    const name = nameOf(file, member);
    if (name) collect(file, member, container === '' ? name : `${container} ${name}`, cuts);
  }
}

function startsLine(file: ts.SourceFile, pos: number): boolean {
  return /(^|\n)[ \t]*$/.test(file.text.slice(Math.max(0, pos - 200), pos));
}

function membersOf(node: ts.Node): readonly ts.Node[] {
  if (ts.isSourceFile(node) || ts.isModuleBlock(node)) return node.statements;
  if (ts.isModuleDeclaration(node)) return node.body ? membersOf(node.body) : [];
  if (ts.isClassLike(node) || ts.isInterfaceDeclaration(node)) return node.members;
  if (ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)) return node.type.members;
  const value = classValue(node);
  return value ? value.members : [];
}

/** `const X = class { … }` and `module.exports = class { … }` */
function classValue(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  if (ts.isVariableStatement(node)) {
    const value = node.declarationList.declarations[0]?.initializer;
    return value && ts.isClassLike(value) ? value : undefined;
  }
  if (ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)) {
    const { right } = node.expression;
    return ts.isClassLike(right) ? right : undefined;
  }
  return undefined;
}

/** Of what has members worth splitting. */
function nameOf(file: ts.SourceFile, node: ts.Node): string | undefined {
  if (ts.isClassDeclaration(node)) return `class ${node.name?.text ?? ''}`.trim();
  if (ts.isInterfaceDeclaration(node)) return `interface ${node.name.text}`;
  if (ts.isModuleDeclaration(node)) return `namespace ${node.name.getText(file)}`;
  if (ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)) return `type ${node.name.text}`;
  const value = classValue(node);
  return value ? `class ${value.name?.text ?? ''}`.trim() : undefined;
}

function* cutAtLines(
  lines: readonly string[],
  start: number,
  end: number,
  maxChars: number,
): Generator<[from: number, to: number]> {
  let from = start;
  let size = 0;
  for (let line = start; line < end; line++) {
    const chars = lines[line]!.length + 1;
    if (line > from && size + chars > maxChars) {
      yield [from, line];
      from = line;
      size = 0;
    }
    size += chars;
  }
  yield [from, end];
}

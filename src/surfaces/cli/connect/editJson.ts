import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { MemoryError } from '../../../engine/errors.ts';

/**
 * The value of a JSON file, comments and trailing commas allowed; undefined when there is nothing in it.
 * Throws `invalid_input` that names the place where it does not parse.
 */
export function readJson(text: string, path: string): unknown {
  const errors: ParseError[] = [];
  if (withoutBom(text).trim() === '') return undefined;
  const value: unknown = parse(withoutBom(text), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const before = withoutBom(text).slice(0, first.offset).split('\n');
    throw new MemoryError(
      'invalid_input',
      `${path} does not parse: ${printParseErrorCode(first.error)} at line ${before.length}, column ${before.at(-1)!.length + 1}. It was left untouched.`,
      'Correct the file, then repeat the command.',
    );
  }
  return value;
}

/**
 * Sets what stands at `keys` (undefined: takes it away) and leaves every other character alone.
 * Throws `invalid_input` when something other than an object is in the way.
 */
export function editJson(text: string, path: string, keys: readonly string[], value: unknown): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = withoutBom(text);
  let at: unknown = readJson(text, path);
  for (const [i, key] of ['', ...keys.slice(0, -1)].entries()) {
    if (i > 0) at = (at as Record<string, unknown>)[key];
    if (at === undefined) break;
    if (at === null || typeof at !== 'object' || Array.isArray(at)) {
      const where = i === 0 ? 'its whole' : keys.slice(0, i).join('.');
      throw new MemoryError(
        'invalid_input',
        `${path}: ${where} is no object. It was left untouched.`,
        'Correct the file, then repeat the command.',
      );
    }
  }
  const formattingOptions = {
    ...indentation(body),
    eol: body.includes('\r\n') ? '\r\n' : '\n',
  };
  const whole = body.trim() === '' ? `{}${formattingOptions.eol}` : body;
  return bom + applyEdits(whole, modify(whole, [...keys], value, { formattingOptions }));
}

export function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (at, key) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
}

function indentation(text: string): { insertSpaces: boolean; tabSize: number } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return indent.startsWith('\t')
    ? { insertSpaces: false, tabSize: 1 }
    : { insertSpaces: true, tabSize: indent.length };
}

function withoutBom(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/** Words that add nothing to what is said. */
const FILLERS: ReadonlySet<string> = new Set('a an the please very really just simply also that'.split(' '));
/** Words that may turn what is said around, or bound it, in some languages: whoever adds one says something else. */
const TURNING: ReadonlySet<string> = new Set(
  (
    'not no never none nor neither nothing nobody without cannot hardly rarely except unless only until before after instead former ' +
    'formerly deprecated obsolete longer avoid stop disable disabled false off wrong incorrect unlike if when while but however maybe ' +
    'might may should must can could would sometimes usually always all every some most few more less than old new ' +
    'nicht kein keine keinen nie niemals ohne außer nur bis wenn falls aber vielleicht pas jamais sans sauf si mais rien aucun ' +
    'ne sin nunca excepto pero solo sólo ni nada ningún não nem sem mas se non mai senza però solo не нет без никогда но если'
  ).split(' '),
);
const QUESTION = '?';
/** What a longer text may add to a shorter one, of the words of that. */
const ADDED_SHARE = 0.2;

/** What a text says: its words in their order. */
export interface Statement {
  readonly words: readonly string[];
  /** Of these words, those that may be added: neither a name, a number, code nor anything that turns a sentence around. */
  readonly plain: ReadonlySet<string>;
}

/** Case and punctuation do not count, but for code, numbers and question marks. */
export function statementOf(text: string): Statement {
  const words: string[] = [];
  const plain = new Set<string>();
  const marked = new Set<string>();
  for (const piece of text.normalize('NFKC').split(/\s+/u)) {
    const token = bare(piece);
    if (token !== '') {
      const word = isCode(token) ? token : token.toLowerCase();
      if (!FILLERS.has(word)) {
        words.push(word);
        (isPlain(token, word) ? plain : marked).add(word);
      }
    }
    if (/[?？]["'”’)*_`]*$/u.test(piece)) words.push(QUESTION);
  }
  // Once a name, always a name.
  for (const word of marked) plain.delete(word);
  return { words, plain };
}

/**
 * Whether the one says all that the other does, and nothing against it: the words of the other stand in it in their order, and what it
 * adds is little and plain. So texts with other numbers, names, negations or roles never say the same.
 */
export function saysAll(one: Statement, other: Statement): boolean {
  const added = one.words.length - other.words.length;
  if (added < 0 || added > other.words.length * ADDED_SHARE || other.words.length === 0) return false;
  let met = 0;
  const left = new Map<string, number>();
  for (const word of one.words) {
    if (word === other.words[met]) met += 1;
    left.set(word, (left.get(word) ?? 0) + 1);
  }
  if (met < other.words.length) return false;
  for (const word of other.words) left.set(word, left.get(word)! - 1);
  return [...left].every(([word, count]) => count === 0 || one.plain.has(word));
}

/** Without what surrounds a word. Signs alone are a word where they may mean something, such as `!=`. */
function bare(piece: string): string {
  if (!/[\p{L}\p{N}]/u.test(piece))
    return /^[-–—*•·|"'`«»“”„‘’()[\]{}_,;:!?.…。，、？]*$/u.test(piece) ? '' : piece;
  // A leading `!`, `-` or `.5` says something.
  return piece
    .replace(/^(?:["'`«»“”„‘’()[\]{}*,;:?…]|\.(?!\d))+/u, '')
    .replace(/["'`«»“”„‘’()[\]{}*_,;:!?？.…。，、]+$/u, '');
}

/** Paths, identifiers and the like, of which case matters. */
function isCode(token: string): boolean {
  return /\p{Ll}\p{Lu}|[_/\\:@#=<>$&|~^%+.(]/u.test(token);
}

function isPlain(token: string, word: string): boolean {
  return /^[\p{Ll}\p{M}-]+$/u.test(token) && !TURNING.has(word);
}

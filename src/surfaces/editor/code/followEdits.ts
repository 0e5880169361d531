/** Lines of a document. They count from 0, the end is included. */
export interface Lines {
  readonly start: number;
  readonly end: number;
}

/** What replaced a part of a document: as the editor tells of it. */
export interface Edit {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly text: string;
}

/** Where lines are after an edit: those around which something was written move with their text. */
export function followEdit({ start, end }: Lines, { range, text }: Edit): Lines {
  const added = text.split(/\r\n|[\r\n]/).length - 1;
  const grown = added - (range.end.line - range.start.line);
  const wholeLines = range.start.character === 0 && (text === '' || /[\r\n]$/.test(text));
  const before =
    range.end.line < start || (range.end.line === start && range.end.character === 0 && wholeLines);
  if (before) return { start: start + grown, end: end + grown };
  // A line that is begun at the end of the last one stands below.
  if (range.start.line > end || (range.start.line === end && isBegun(range, text))) return { start, end };
  const first = Math.min(start, range.start.line);
  return {
    start: first,
    end: Math.max(first, range.end.line > end ? range.start.line + added : end + grown),
  };
}

function isBegun({ end, start }: Edit['range'], text: string): boolean {
  return (
    /^[\r\n]/.test(text) &&
    start.line === end.line &&
    start.character === end.character &&
    start.character > 0
  );
}

import type { Row, SqlValue } from './driver.ts';

interface Named {
  columns(): readonly { readonly name: string }[];
}

/** Makes rows of lists of values, in which drivers give them in half the time. */
export function rowReader(): (statement: Named, values: readonly SqlValue[]) => Row {
  let names: readonly string[] = [];
  return (statement, values) => {
    // Another process may have given the table more columns.
    if (names.length !== values.length) names = statement.columns().map(({ name }) => name);
    const row: Record<string, SqlValue> = {};
    for (let i = 0; i < values.length; i++) row[names[i]!] = values[i]!;
    return row;
  };
}

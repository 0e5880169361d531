import type { LabelCondition } from '../model/labelCondition.ts';
import type { Catalog } from './catalog.ts';

/** Whether a row's labels are as the condition wants: the names are compared once, the rows by number. */
export function labelTest(
  catalog: Catalog,
  { of, any, between, none, startsWith }: LabelCondition,
): (row: number) => boolean {
  const tests: ((row: number) => boolean)[] = [];
  const bears = of === 'tag' ? tagged(catalog) : ofSession(catalog);
  const named = (labels: readonly string[]) => {
    const wanted = new Set(labels);
    return bears(label => wanted.has(label));
  };
  if (any) tests.push(named(any));
  if (none) {
    const refused = named(none);
    tests.push(row => !refused(row));
  }
  if (startsWith !== undefined) tests.push(bears(label => label.startsWith(startsWith)));
  if (between) tests.push(bears(label => between[0] <= label && label <= between[1]));
  return row => tests.every(test => test(row));
}

type Bears = (wanted: (label: string) => boolean) => (row: number) => boolean;

function tagged(catalog: Catalog): Bears {
  return wanted => {
    const flags = flagged(catalog.tags.strings(), wanted);
    return row => catalog.someTag(row, tag => flags[tag] === 1);
  };
}

/** Sessions are named with their namespace before them. */
function ofSession(catalog: Catalog): Bears {
  return wanted => {
    const flags = flagged(catalog.names.strings(), name => {
      const end = name.indexOf('\n');
      return end >= 0 && wanted(name.slice(end + 1));
    });
    return row => flags[catalog.session[row]!] === 1;
  };
}

/** 1 at the number of each string that is wanted; 0 stands for no string. */
function flagged(strings: readonly string[], wanted: (text: string) => boolean): Uint8Array {
  const flags = new Uint8Array(strings.length + 1);
  for (const [i, text] of strings.entries()) if (wanted(text)) flags[i + 1] = 1;
  return flags;
}

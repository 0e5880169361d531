import type { LabelCondition } from '../../engine/model/labelCondition.ts';
import type { ConditionList } from './conditionList.ts';

const LISTED = '(SELECT value FROM json_each(?))';

export function addLabels(
  wanted: ConditionList,
  { of, any, between, none, startsWith }: LabelCondition,
): void {
  const column = of === 'tag' ? 'tag' : 'session';
  const bears = (condition: string) =>
    of === 'tag' ? `num IN (SELECT num FROM memory_tags WHERE ${condition})` : `(${condition})`;
  if (any) wanted.add(bears(`${column} IN ${LISTED}`), JSON.stringify(any));
  if (none)
    wanted.add(
      of === 'tag' ? `NOT ${bears(`tag IN ${LISTED}`)}` : `(session IS NULL OR session NOT IN ${LISTED})`,
      JSON.stringify(none),
    );
  // A range, since LIKE would need escapes and finds no index.
  if (startsWith !== undefined)
    wanted.add(bears(`${column} >= ? AND ${column} < ?`), startsWith, `${startsWith}\u{10ffff}`);
  if (between) wanted.add(bears(`${column} BETWEEN ? AND ?`), ...between);
}

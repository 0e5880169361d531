import type { Priority } from '../../../engine/model/memory.ts';
import { EVENTS_KEPT } from '../../../engine/ports/eventBus.ts';
import { AGEING_MS, HISTORY_KEPT, MOVED_BY_CLAIM } from '../../../engine/ports/taskStore.ts';
import { SUBMIT } from '../../../engine/tasks/advance.ts';
import { DEADLINE_OVER, dependencyCancelled, LOST_TOO_OFTEN } from '../../../engine/tasks/reasons.ts';
import { TASK_MACHINE } from '../../../engine/tasks/taskMachine.ts';
import { STORE } from '../../../engine/tasks/transitions.ts';

/** States of which is counted how many tasks came to them, and what the count is called. The completed ones stay what they are: these are there to be counted. */
const TOTALS = { dead: 'died', retry_wait: 'retried' };
/** Stands for an id; in none. */
const ID = '\0';

/** The rules of the engine for the scripts, as Lua: `MACHINE['claim<ready']` says that a claim may happen then, `MACHINE['claim>leased']` where it can lead. */
export function taskRules(script: string): string {
  const [before, after] = dependencyCancelled(ID).split(ID) as [string, string];
  return [
    `local MACHINE = { ${machineEntries(script).join(', ')} }`,
    `local AGEING = { ${(Object.keys(AGEING_MS) as Priority[]).map(priority => `${priority} = ${AGEING_MS[priority]}`).join(', ')} }`,
    `local TOTALS = { ${Object.entries(TOTALS)
      .map(([state, total]) => `${state} = ${quoted(total)}`)
      .join(', ')} }`,
    `local EVENTS_KEPT, HISTORY_KEPT, MOVED_BY_CLAIM = ${EVENTS_KEPT}, ${HISTORY_KEPT}, ${MOVED_BY_CLAIM}`,
    `local HELD = ${quoted(TASK_MACHINE.claim.to[0])}`,
    `local STORE, SUBMIT = ${quoted(STORE)}, ${quoted(SUBMIT)}`,
    `local DEADLINE_OVER, LOST_TOO_OFTEN = ${quoted(DEADLINE_OVER)}, ${quoted(LOST_TOO_OFTEN)}`,
    `local DEPENDENCY_BEFORE, DEPENDENCY_AFTER = ${quoted(before)}, ${quoted(after)}`,
  ].join('\n');
}

/** A table is made anew with each call of a script: it has what the script asks for. */
function machineEntries(script: string): string[] {
  const asked = Object.entries(TASK_MACHINE).filter(([event]) => script.includes(`'${event}`));
  return asked.flatMap(([event, { from, to }]) => [
    ...from.map(state => `[${quoted(`${event}<${state}`)}] = true`),
    ...to.map(state => `[${quoted(`${event}>${state}`)}] = true`),
  ]);
}

/** JSON's escapes of plain ASCII are Lua's. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import { TASK_STATES, type TaskState } from '../../../src/engine/model/task.ts';
import { advance } from '../../../src/engine/tasks/advance.ts';
import {
  allows,
  TASK_MACHINE,
  type TaskEvent,
  type Transition,
} from '../../../src/engine/tasks/taskMachine.ts';
import { newRecord } from '../../../src/engine/tasks/taskRecord.ts';
import { taskDraft } from '../../fixtures/taskDrafts.ts';

const EVENTS = Object.keys(TASK_MACHINE) as TaskEvent[];
const FINAL = ['completed', 'cancelled'];

describe('the state machine of tasks', () => {
  it('leads out of all states but the final ones, which can be reached from each', () => {
    for (const state of TASK_STATES) {
      const reached = reachable([state]);
      if (FINAL.includes(state)) assert.deepEqual([...reached], [state]);
      else assert.ok(reached.has('completed') && reached.has('cancelled'), state);
    }
  });

  it('reaches every state from the beginning', () => {
    assert.equal(reachable(['ready', 'blocked']).size, TASK_STATES.length);
  });

  it('refuses every step that it has not, and changes nothing then', () => {
    let refused = 0;
    for (const state of TASK_STATES) {
      const task = { ...newRecord(taskDraft('a'), undefined, 0, 1), state };
      for (const event of EVENTS.filter(one => !allows(one, state))) {
        const step = { event, by: 'ann', note: null, fields: { state: TASK_MACHINE[event].to[0] } };
        assert.throws(
          () => advance(task, step, 2),
          (error: unknown) => MemoryError.is(error, 'conflict'),
        );
        refused++;
      }
    }
    assert.ok(refused > 50);
  });

  it('takes no step to where none leads', () => {
    const task = newRecord(taskDraft('a'), undefined, 0, 1);
    const step = { event: 'claim', by: 'ann', note: null, fields: { state: 'completed' } } as const;
    assert.throws(() => advance(task, step, 2), /claim leads from ready to completed/);
  });
});

function reachable(from: readonly TaskState[]): ReadonlySet<TaskState> {
  const found = new Set(from);
  // A set goes through what is added meanwhile, too.
  for (const state of found)
    for (const event of EVENTS) {
      const { to }: Transition = TASK_MACHINE[event];
      if (allows(event, state)) for (const one of to) found.add(one);
    }
  return found;
}

import { scriptText } from '../scripts.ts';
import { taskRules } from './taskRules.ts';

/** The files of each script in `scripts/tasks/`, put together in this order after what every one begins with. */
const SCRIPTS = {
  submit: ['lists', 'submit'],
  claim: ['time', 'lists', 'queue', 'claim'],
  claimable: ['time', 'lists', 'queue', 'claimable'],
  renew: ['lease', 'renew'],
  ask: ['lease', 'ask'],
  answer: ['answer'],
  complete: ['lease', 'complete'],
  fail: ['lease', 'fail'],
  release: ['lease', 'release'],
  cancel: ['cancel'],
  requeue: ['requeue'],
  assign: ['assign'],
  releaseAll: ['time', 'releaseAll'],
  tick: ['time', 'tick'],
  list: ['lists', 'list'],
  count: ['lists', 'count'],
  trend: ['lists', 'trend'],
  purge: ['lists', 'purge'],
} as const;

export type TaskScript = keyof typeof SCRIPTS;

/** Each script by its name, as Lua. */
export function taskScripts(): readonly (readonly [name: TaskScript, lua: string])[] {
  const before = ['records/clock', 'records/publish'].map(scriptText);
  return Object.entries(SCRIPTS).map(([name, parts]) => {
    const text = ['task', ...parts].map(part => scriptText(`tasks/${part}`)).join('\n');
    return [name as TaskScript, [...before, taskRules(text), text].join('\n')];
  });
}

import { checkText } from '../memories/checkText.ts';
import { checkTexts } from '../memories/checkTexts.ts';
import { LIMITS } from '../model/limits.ts';
import type { JsonValue } from '../model/memory.ts';

/** Refuses what an agent says of a task (a note, an answer, a result) where no store could keep it. Throws `invalid_input`, `too_large`. */
export function checkSaid(what: string, said: JsonValue): void {
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  checkText(what, text, LIMITS.workChars);
  checkTexts(what, said);
}

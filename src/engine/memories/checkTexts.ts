import { checkText } from './checkText.ts';

/** Refuses a value of which some text or key could not be carried unchanged, however deep it lies. Throws `invalid_input`. */
export function checkTexts(what: string, value: unknown): void {
  if (typeof value === 'string') checkText(what, value, Number.POSITIVE_INFINITY);
  else if (value !== null && typeof value === 'object')
    for (const [key, part] of Object.entries(value)) {
      checkText(what, key, Number.POSITIVE_INFINITY);
      checkTexts(what, part);
    }
}

import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** What is shown beside code that memories speak of. */
export const codeSettings = {
  'code.marks': z
    .boolean()
    .default(true)
    .describe(
      'Marks code that memories speak of beside its lines, and shows them when the pointer rests on it.',
    )
    .register(settingMeta, { scope: 'window' }),
  'code.lens': z
    .boolean()
    .default(false)
    .describe('Also shows a line above code that memories speak of.')
    .register(settingMeta, { scope: 'window' }),
};

import { createRequire } from 'node:module';
import { builtFile } from './assets.ts';
import type * as extension from './extension.ts';

/**
 * What VS Code loads. It imports the file as a module, and Node then reads a CommonJS file once more, for the names that it exports: that
 * takes longer than running it. So the extension itself is another file, which is loaded by a call of `require`.
 */
export const { activate, deactivate }: typeof extension = createRequire(builtFile('editor.js'))(
  builtFile('extension.js'),
);

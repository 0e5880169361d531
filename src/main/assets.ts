import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

declare const __dirname: string | undefined;

/** Folder of the running code: `dist/` in a bundle, `src/main/` when run from source. */
const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
const bundled = !here.endsWith(join('src', 'main'));

/** Root of the package, which holds `media/` and `dist/`. */
export const packageRoot = bundled ? join(here, '..') : join(here, '..', '..');

/** A file of `dist/`, such as a WASM module or the program of a child process. */
export function builtFile(name: string): string {
  return join(packageRoot, 'dist', name);
}

/** A file of `media/`, such as the shipped model. */
export function mediaFile(...parts: string[]): string {
  return join(packageRoot, 'media', ...parts);
}

import { buildWasm } from './buildWasm.ts';
import { bundle } from './bundle.ts';

/** `npm run build`: everything that `dist/` needs to run. */
await buildWasm('dist');
await bundle();

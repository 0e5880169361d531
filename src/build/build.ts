import { join } from 'node:path';
import { packageRoot } from '../main/assets.ts';
import { buildWasm } from './buildWasm.ts';
import { bundle } from './bundle.ts';
import { copyDocsPage } from './copyDocsPage.ts';

/** `npm run build`: everything that `dist/` needs to run. */
await buildWasm('dist');
await bundle();
await copyDocsPage(join(packageRoot, 'dist'));

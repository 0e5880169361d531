import { memoryRoutes } from './memoryRoutes.ts';
import { recordRoutes } from './recordRoutes.ts';
import type { Route } from './route.ts';
import { upkeepRoutes } from './upkeepRoutes.ts';
import { workRoutes } from './workRoutes.ts';

/** Every resource. Both what is served and what `/openapi.json` says of it come from here and from the tools. */
export const routes: readonly Route[] = [...memoryRoutes, ...workRoutes, ...recordRoutes, ...upkeepRoutes];

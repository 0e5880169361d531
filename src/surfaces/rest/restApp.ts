import { type Context, Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Problem } from '../http/problem.ts';
import { agentMemoryRoutes } from './agentMemory/agentMemoryRoutes.ts';
import { answerError } from './agentMemory/requestError.ts';
import { docsRoutes } from './docs/docsRoutes.ts';
import { eventRoutes } from './events/eventRoutes.ts';
import { healthRoutes } from './healthRoutes.ts';
import { metricsRoutes } from './metricsRoutes.ts';
import { admission } from './requests/admission.ts';
import { answerOf, problem } from './requests/answerOf.ts';
import { deadline } from './requests/deadline.ts';
import { limitBody } from './requests/limitBody.ts';
import { resourceRoutes } from './resources/resourceRoutes.ts';
import type { RestDeps, RestEnv, RestPart } from './restDeps.ts';
import { toolRoutes } from './toolRoutes.ts';
import { watchRequest } from './watchRequest.ts';

/** Of agent memory servers alone. */
const AGENT_MEMORY = /^\/v1\/(working-memory|long-term-memory|memory\/prompt|summary-views)(\/|$)/;

/** All of REST, each part a line. Of two that have an address the first answers. */
const PARTS: readonly RestPart[] = [
  docsRoutes,
  healthRoutes,
  metricsRoutes,
  eventRoutes,
  resourceRoutes,
  toolRoutes,
  agentMemoryRoutes,
];

export function createRestApp(deps: RestDeps, parts: readonly RestPart[] = PARTS): Hono<RestEnv> {
  const { limits } = deps;
  const app = new Hono<RestEnv>();
  app.use(watchRequest(deps));
  app.use(admission(deps));
  app.use(deadline(limits.deadlineMs, deps.closing));
  app.use(limitBody(limits.bodyBytes));
  for (const part of parts) app.route('/', part(deps));
  const orWrongMethod = methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => problem(wrongMethod(c, methods), { allow: methods.join(', ') }),
  });
  app.notFound(async c => {
    await orWrongMethod(c, async () => {
      c.res = problem(unknown(c.req.path));
    });
    return c.res;
  });
  // What is refused before a part has it is worded as that part's clients read it.
  app.onError((error, c) => (AGENT_MEMORY.test(c.req.path) ? answerError : answerOf)(error, c, deps.logger));
  return app;
}

function unknown(path: string): Problem {
  return {
    ...{ title: `There is nothing at ${path.slice(0, 200)}.`, status: 404, code: 'not_found' },
    fix: 'GET /openapi.json lists what there is.',
  };
}

function wrongMethod({ req }: Context, methods: readonly string[]): Problem {
  return {
    ...{
      title: `${req.path.slice(0, 200)} takes no ${req.method}.`,
      status: 405,
      code: 'method_not_allowed',
    },
    fix: `It takes ${methods.join(', ')}.`,
  };
}

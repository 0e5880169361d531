import { Hono } from 'hono';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { type AgentMemory, type AgentMemoryOptions, agentMemoryOn } from './agentMemory.ts';
import { longTermRoutes } from './longTermRoutes.ts';
import { modelOnlyRoutes } from './modelOnlyRoutes.ts';
import { promptRoute } from './promptRoute.ts';
import { answerError } from './requestError.ts';
import { workingMemoryRoutes } from './workingMemoryRoutes.ts';

const USUAL: AgentMemoryOptions = { unnamed: 'own', unknownSession: 'not_found' };

/**
 * The paths, records and answers of redis/agent-memory-server 0.15, so that its clients work with this server unchanged.
 * @see docs/agent-memory-server.md, which says what differs and why
 */
export function agentMemoryRoutes({ agentMemory = USUAL, engine, logger }: RestDeps): Hono<RestEnv> {
  let opened: Promise<AgentMemory> | undefined;
  const memory = () => {
    opened ??= engine().then(
      one => agentMemoryOn(one, agentMemory),
      error => {
        // It is tried anew with the next request.
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };
  const app = new Hono<RestEnv>();
  app.onError((error, c) => answerError(error, c, logger));
  for (const part of [
    workingMemoryRoutes(memory),
    longTermRoutes(memory),
    promptRoute(memory),
    modelOnlyRoutes(),
  ])
    app.route('/', part);
  return app;
}

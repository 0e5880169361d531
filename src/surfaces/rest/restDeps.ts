import type { Hono } from 'hono';
import type { Engine } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { CallTool } from '../../tools/callTool.ts';
import type { Authenticate, Sender } from '../http/authenticate.ts';
import type { Encryption } from '../http/encryption.ts';
import type { Exposition } from '../http/metricsServer.ts';
import type { Discovery } from '../http/protectedResource.ts';
import type { CountRequests } from '../http/requestRate.ts';
import type { RequestWatch } from '../http/requestWatch.ts';
import type { AgentMemoryOptions } from './agentMemory/agentMemory.ts';
import type { RequestSignals } from './requests/requestSignals.ts';
import type { RestLimits } from './restLimits.ts';

/** What every part of REST works with. */
export interface RestDeps {
  readonly call: CallTool;
  readonly engine: () => Promise<Engine>;
  /** @param client as it names itself; undefined: it does not */
  readonly caller: (client: string | undefined, sender: Sender) => Caller;
  readonly authenticate: Authenticate;
  /** Where clients get tokens; default: from a person. */
  readonly discovery?: Discovery | undefined;
  /** Default: none. */
  readonly encryption?: Encryption | undefined;
  /** The address that is listened on. */
  readonly host: string;
  readonly limits: RestLimits;
  readonly rate: CountRequests;
  /** Holds what `/docs` loads; default: there is no page. */
  readonly docsFolder?: string;
  /** Fires when the server closes, which ends streams; default: never. */
  readonly closing?: AbortSignal;
  readonly version: string;
  readonly logger: Logger;
  /** Default: as agent memory servers are. */
  readonly agentMemory?: AgentMemoryOptions | undefined;
  /** Default: nobody watches. */
  readonly watch?: RequestWatch | undefined;
  /** For `/metrics`; default: there is none. */
  readonly scrape?: (() => Promise<Exposition>) | undefined;
}

export interface RestEnv {
  readonly Variables: {
    /** On whose behalf the request is made. */
    readonly caller: Caller;
    /** Of the token that the request was sent with; undefined: it is this machine's user, or nobody was asked. */
    readonly subject: string | undefined;
    readonly signals: RequestSignals;
  };
}

/** A part of what is served, with addresses of its own. */
export type RestPart = (deps: RestDeps) => Hono<RestEnv>;

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createLogger } from '../adapters/node/logger.ts';
import { localPrincipal } from '../adapters/node/principal.ts';
import { repositoryNamespace } from '../adapters/node/repositoryNamespace.ts';
import { dataDirectory } from '../config/dataDirectory.ts';
import { loadSettings } from '../config/loadSettings.ts';
import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Caller } from '../engine/model/caller.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { Instruments, OpenJobs } from './createEngine.ts';
import { openWorkingCopies } from './openWorkingCopies.ts';

/** What every Node program has in common: settings, a log, an engine that opens at its first use, and who calls. */
export interface Runtime extends AsyncDisposable {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly dataDirectory: string;
  /** Somebody works in this folder: whether the code of its repository has changed can be told. */
  worksIn(folder: string): void;
  /**
   * Opens the store at the first call.
   * @param options `create: false` rejects with `not_found` where the settings name a file that is not there. Default true
   */
  engine(options?: { readonly create: boolean }): Promise<Engine>;
  /**
   * @param client as it names itself @param namespace default: the setting's, else the working directory's repository
   * @param session one that goes on after the call; undefined: the call stands alone
   */
  caller(client: string, namespace?: string, session?: string): Caller;
}

export interface RuntimeOptions {
  /** false: the engine leaves it to others. Default true */
  readonly housekeeping?: boolean;
  /** Measure the engine; asked for when it opens. */
  readonly instruments?: () => Promise<Instruments>;
  /** As in `EngineOptions`. */
  readonly jobs?: OpenJobs;
  /** Told with each line of the log. */
  readonly logFields?: () => Record<string, unknown>;
}

/** @param overrides settings that the command line gave */
export function createRuntime(
  overrides: Readonly<Record<string, unknown>> = {},
  options: RuntimeOptions = {},
): Runtime {
  const folder = dataDirectory();
  const settings = loadSettings({
    env: process.env,
    folders: [folder],
    project: process.cwd(),
    overrides,
  });
  const { housekeeping = true } = options;
  const logger = createLogger(settings['log.level'], options.logFields);
  const instance = randomUUID();
  let opened: Promise<Engine> | undefined;
  let home: string | undefined;
  const copies = openWorkingCopies(process.cwd());
  return {
    settings,
    logger,
    dataDirectory: folder,
    worksIn: at => copies.add(at),
    engine({ create } = { create: true }) {
      // Loaded late: a program that only lists its tools never needs it. A failure is tried again at the next call.
      opened ??= import('./createEngine.ts')
        .then(async ({ createEngine, databasePath }) => {
          const url = settings['database.url'];
          if (!create && isFile(url)) demandStore(databasePath(url, folder));
          const instruments = await options.instruments?.();
          const given = { ...(instruments && { instruments }), ...(options.jobs && { jobs: options.jobs }) };
          return createEngine({ settings, logger, dataDirectory: folder, copies, housekeeping, ...given });
        })
        .catch(error => {
          opened = undefined;
          throw error;
        });
      return opened;
    },
    caller(client, namespace, session) {
      home ??= settings.namespace || repositoryNamespace(process.cwd());
      const principal = localPrincipal(client);
      return {
        principal,
        instance: `${principal.client}-${session ?? instance}`,
        namespace: namespace ?? home,
        ...(session !== undefined && { lasting: true }),
        ...(settings.agent && { agent: settings.agent }),
      };
    },
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]();
    },
  };
}

/** A path or a `file:` address; the store at the default place is made by whoever comes first. */
function isFile(url: string): boolean {
  return url !== '' && (url.startsWith('file:') || !url.includes('://'));
}

/** Whoever only reads means a store that is there: a misspelt path is not to become another one. */
function demandStore(path: string): void {
  if (existsSync(path)) return;
  throw new MemoryError(
    'not_found',
    `There is no memory at ${path} yet.`,
    'Check the path; the first memory that is stored there makes it.',
  );
}

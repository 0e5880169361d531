import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import type { Logger } from '../engine/ports/logger.ts';

export interface EngineOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  /** Where the store, snapshots and tokens are; default: this user's data directory. */
  readonly dataDirectory?: string;
}

/** Wires the adapters to the ports. Opens the store; loads neither model nor index before they are needed. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  throw new Error(`being wired: ${options.settings['database.url']}`);
}

import type { Settings } from '../../config/settings.ts';
import type { Engine } from '../../engine/engine.ts';
import type { MigrationReport } from '../../engine/migration/migrateMemories.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Runtime } from './connect/launcher.ts';
import type { Finding } from './doctor/finding.ts';
import type { LeftBehind } from './leftBehind.ts';
import type { Streams } from './terminal.ts';

/** Settings, and an engine that opens at its first use. */
export interface CliRuntime extends AsyncDisposable {
  readonly settings: Settings;
  readonly dataDirectory: string;
  /** @param options `create: false` rejects with `not_found` where the settings name a store that is not there. Default true */
  engine(options?: { readonly create: boolean }): Promise<Engine>;
  caller(client: string): Caller;
}

/** What a migration leads from and to. */
export const MIGRATION_STORES = ['embedded', 'redis'] as const;
export type MigrationStore = (typeof MIGRATION_STORES)[number];

export interface Migration {
  /** To the other one. */
  readonly from: MigrationStore;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** What a migration did, and what it does not take along. */
export interface Migrated extends MigrationReport {
  readonly left: LeftBehind;
}

/** What the program gives its commands: everything they cannot have by themselves. */
export interface CliHost {
  readonly version: string;
  readonly streams: Streams;
  readonly cwd: string;
  /** The repository around the working directory, else that directory. */
  readonly projectRoot: string;
  /** How this very program is started. */
  readonly runtime: Runtime;
  /** What lies below the engine, for doctor. */
  checkMachine(runtime: CliRuntime): AsyncIterable<Finding>;
  /** The part of it that every `status` says, where something is wrong. @param reached whether the central Redis answers */
  checkBriefly(runtime: CliRuntime, reached: boolean): AsyncIterable<Finding>;
  /** What is wrong with where the settings come from, such as one that only this shell knows. */
  checkSettings(runtime: CliRuntime): readonly Finding[];
  /**
   * Copies every memory between the two stores that the settings describe, and compares them. Rejects with `invalid_input` where there
   * is no central Redis, `unavailable` while it is out of reach, or where sensitive memories cannot be decrypted.
   */
  migrate(runtime: CliRuntime, migration: Migration): Promise<Migrated>;
  /** Token of the server of this machine; `create: false` throws where there is none yet. */
  httpToken(dataDirectory: string, options?: { readonly create: boolean }): string;
  /** @param overrides settings that flags gave; throws `invalid_input` for settings that are wrong */
  openRuntime(overrides: Readonly<Record<string, unknown>>): CliRuntime;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly namespace?: string;
  readonly database?: string;
  readonly agent?: string;
  readonly quiet?: boolean;
}

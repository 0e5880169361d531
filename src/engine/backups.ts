import type { BackupFolder } from './ports/backupFolder.ts';
import type { Clock } from './ports/clock.ts';
import type { Identity } from './ports/identity.ts';
import type { Store } from './ports/store.ts';

/** Ours, by time: `memory-20261122T060000Z-0123abcd.db`. */
const OURS = /^memory-\d{8}T\d{6}Z-[0-9a-f]{8}\.db$/;

export interface BackupsOptions {
  readonly store: Store;
  readonly folder: BackupFolder;
  /** Copies that are kept, >= 1; older ones are removed once there is a new one. */
  readonly keep: number;
  readonly clock: Clock;
  readonly identity: Identity;
}

/** What was made, and how many older copies went for it. */
export interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly removed: number;
}

/** Copies of the store of this machine. */
export class Backups {
  readonly #options: BackupsOptions;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  /** @param job a second call for it finds the copy of the first. Rejects with `unavailable` when it cannot be written */
  async make(job: string): Promise<Backup> {
    const { clock, folder, identity, store } = this.#options;
    const mark = `-${identity.sha256(job).slice(0, 8)}.db`;
    const made = (await this.#ours()).find(name => name.endsWith(mark));
    const time = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
    const kept = made === undefined ? undefined : await folder.find(made);
    const file = kept ?? (await folder.add(`memory-${time}${mark}`, path => store.backup(path)));
    return { file: file.path, bytes: file.bytes, removed: await this.#removeOld() };
  }

  async #removeOld(): Promise<number> {
    const old = (await this.#ours()).slice(0, -this.#options.keep);
    for (const name of old) await this.#options.folder.remove(name);
    return old.length;
  }

  async #ours(): Promise<readonly string[]> {
    return (await this.#options.folder.list()).filter(name => OURS.test(name));
  }
}

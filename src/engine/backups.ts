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
    const { folder, identity, store } = this.#options;
    const mark = `-${identity.sha256(job).slice(0, 8)}.db`;
    const ours = await this.#ours();
    const made = ours.find(name => name.endsWith(mark));
    const time = this.#timeAfter(ours.at(-1))
      .toISOString()
      .replace(/[-:]|\.\d+/g, '');
    const kept = made === undefined ? undefined : await folder.find(made);
    const file = kept ?? (await folder.add(`memory-${time}${mark}`, path => store.backup(path)));
    return { file: file.path, bytes: file.bytes, removed: await this.#removeOld() };
  }

  /** Where the clock was ahead when the last was made it is later all the same: else the new one would count as the oldest, and go. */
  #timeAfter(last: string | undefined): Date {
    const [, ...parts] = /^memory-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(last ?? '') ?? [];
    const [year = 0, month = 1, day, hour, minute, second] = parts.map(Number);
    const after = last === undefined ? 0 : Date.UTC(year, month - 1, day, hour, minute, second) + 1_000;
    return new Date(Math.max(this.#options.clock.now(), after));
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

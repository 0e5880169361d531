import type { Change } from '../../../engine/ports/replica.ts';
import { Database } from '../database.ts';
import { changeOf } from './travelling.ts';

/** Key in `meta` of the last entry of the central log that is here. */
export const POSITION = 'central_position';

interface Rehearsed {
  readonly changes: readonly Change[];
  readonly position: number;
}

/** Takes every change back, and remembers what it would have been. */
export class RehearsalDatabase extends Database {
  #rehearsed: Rehearsed = { changes: [], position: 0 };

  /** What the last change would have been, on which position of the central log. */
  get rehearsed(): Rehearsed {
    return this.#rehearsed;
  }

  forget(): void {
    this.#rehearsed = { changes: [], position: 0 };
  }

  override async write<T>(work: () => T): Promise<T> {
    return this.rehearse(() => {
      const before = this.get('SELECT max(seq) AS seq FROM operations')!['seq'] ?? 0;
      const position = this.get('SELECT value FROM meta WHERE key = ?', POSITION)?.['value'] ?? 0;
      const result = work();
      const operations = this.all('SELECT * FROM operations WHERE seq > ? ORDER BY seq', before);
      this.#rehearsed = {
        changes: operations.map(row => changeOf(this, row)),
        position: Number(position),
      };
      return result;
    });
  }
}

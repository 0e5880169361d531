import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** No lease is longer than a day. */
const KEPT_MS = 24 * 3_600_000;

const proof = z.object({ fence: z.number(), lease_id: z.string() });
export type Proof = z.infer<typeof proof>;

/**
 * The leases that were claimed from one shell, a file each that only its user can read, so that who claimed a task ends it without typing
 * the ids. Another shell is another worker: it does not find them, and cannot take for its own what others have claimed since.
 */
export class KeptProofs {
  readonly #folder: string;
  readonly #shell: number;

  /** @param shell id of the process that started this one */
  constructor(dataDirectory: string, shell: number) {
    this.#folder = join(dataDirectory, 'claimed');
    this.#shell = shell;
  }

  async keep(namespace: string, task: string, { fence, lease_id }: Proof): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#removeOld();
    await writeFile(this.#file(namespace, task), JSON.stringify({ fence, lease_id }), { mode: 0o600 });
  }

  /** Undefined where this shell did not claim the task. */
  async find(namespace: string, task: string): Promise<Proof | undefined> {
    try {
      return proof.parse(JSON.parse(await readFile(this.#file(namespace, task), 'utf8')));
    } catch {
      // Not there, or cut short by a kill: as if it had not been claimed here.
      return undefined;
    }
  }

  #file(namespace: string, task: string): string {
    const name = createHash('sha256').update(`${this.#shell}\n${namespace}\n${task}`).digest('hex');
    return join(this.#folder, `${name.slice(0, 32)}.json`);
  }

  async #removeOld(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      const age = await stat(file).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > KEPT_MS) await rm(file, { force: true });
    }
  }
}

import { oneLine } from '../../engine/foreignText.ts';
import type { Progress } from '../../tools/defineTool.ts';
import type { Streams } from './terminal.ts';

const WIDTH = 24;
const EVERY_MS = 100;

/** Long work drawn as one line on stderr, on a terminal only; gone when disposed. */
export class ProgressLine implements Disposable {
  readonly #stream: Streams['stderr'];
  readonly shown: boolean;
  #drawnAt = 0;

  constructor(stream: Streams['stderr'], quiet: boolean) {
    this.#stream = stream;
    this.shown = stream.isTTY === true && !quiet;
  }

  show({ done, total, message }: Progress): void {
    const now = Date.now();
    if (!this.shown || (now - this.#drawnAt < EVERY_MS && done !== total)) return;
    this.#drawnAt = now;
    const filled = total ? Math.round((Math.min(done, total) / total) * WIDTH) : 0;
    const bar = total ? `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ` : '';
    const line = `${bar}${oneLine(message ?? '') || (total ? `${done} of ${total}` : String(done))}`;
    this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns || 80) - 1)}`);
  }

  [Symbol.dispose](): void {
    if (this.#drawnAt > 0) this.#stream.write('\r\x1b[2K');
    this.#drawnAt = 0;
  }
}

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Work } from '../../../src/engine/ports/work.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import type { Got } from '../../fixtures/workCaller.ts';
import { agent } from './agents.contract.ts';

const PROCESSES = 4;
const FILES = 40;
const AGENTS = 60;

/** What there is for several processes on one store. */
export interface SharedWork extends AsyncDisposable {
  /** Argument of a process. */
  readonly where: string;
  readonly work: Work;
  /** Everything that is kept so far is from so long ago. */
  age(): Promise<void>;
}

/** What processes that want the same at once must get. @param open an empty one; `age` makes its agents offline */
export function workProcessesContract(name: string, open: () => Promise<SharedWork>): void {
  describe(`several processes on ${name}`, function () {
    this.timeout(60_000);

    it('have each file, and each agent that fell silent, in one of them', async () => {
      await using shared = await open();
      const ids = Array.from({ length: AGENTS }, (_, i) => `agent ${i}`);
      for (const id of ids) await shared.work.agents.register({ ...agent, id });
      await shared.age();
      const children = Array.from({ length: PROCESSES }, () =>
        fork(join(packageRoot, 'test', 'fixtures', 'workCaller.ts'), [shared.where], {
          execArgv: ['--import', 'tsx'],
          cwd: packageRoot,
        }),
      );
      await Promise.all(children.map(child => once(child, 'message')));
      const got = await Promise.all(
        children.map(async child => {
          const answer = once(child, 'message');
          child.send(FILES);
          const [told] = await answer;
          const ended = once(child, 'exit');
          child.disconnect();
          await ended;
          return told as Got;
        }),
      );
      const inOrder = (a: number, b: number) => a - b;
      assert.deepEqual(
        got.flatMap(({ files }) => files).sort(inOrder),
        Array.from({ length: FILES }, (_, i) => i),
      );
      assert.deepEqual(got.flatMap(({ silent }) => silent).sort(), ids.toSorted());
      const claims = await shared.work.files.list(['a']);
      assert.equal(new Set(claims.map(({ fence }) => fence)).size, FILES);
    });
  });
}

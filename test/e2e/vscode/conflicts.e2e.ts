import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { until } from '../../fixtures/until.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const GROUP = 'Changed Here and Elsewhere';
/** Works at another desk, on the same central Redis. */
const gemini: Caller = callerNamed('gemini-cli', 'github.com/example/orders');

describe('conflicts of two machines in the real VS Code', function () {
  this.timeout(120_000);
  let desk: Engine;
  /** From Redis to the desk, and to the machine of the window. */
  let toDesk: Line;
  let toWindow: Line;
  let window: Workbench;
  const session = editorSession({
    async prepare({ folder, own }) {
      const redis = own(await startRedis());
      toDesk = own(await startLine(redis.port));
      toWindow = own(await startLine(redis.port));
      const settings = { 'embedding.provider': 'off', 'redis.url': `redis://127.0.0.1:${toDesk.port}` };
      desk = own(await openEngine(join(folder, 'desk'), settings));
      const machine = join(folder, 'editor', 'data', 'data', 'Machine');
      await mkdir(machine, { recursive: true });
      const here = {
        'memoryCentral.redis.host': '127.0.0.1',
        'memoryCentral.redis.port': toWindow.port,
        'memoryCentral.embedding.provider': 'off',
      };
      await writeFile(join(machine, 'settings.json'), JSON.stringify(here));
    },
  });
  const { shot } = session;

  const row = (text: string) => window.rowOf('Memories', text);
  const group = () => row(GROUP);
  const badge = () =>
    window.page
      .locator('.activitybar .action-item', { has: window.page.locator('a[aria-label^="Memory Central"]') })
      .locator('.badge-content');
  /** A person changes it where it is open. */
  const edit = async (before: string, after: string) => {
    const text = window.page.locator('.monaco-editor[data-uri^="memory:"] .view-lines');
    await window.openRow('Memories', before, text.getByText(before));
    await text.getByText(before).click();
    await window.page.keyboard.press('Control+A');
    await window.page.keyboard.type(after);
    await window.page.keyboard.press('Control+S');
    await row(after).first().waitFor();
    await window.command('View: Close All Editors');
  };
  const dismiss = async () => {
    await window.rowAction('Memories', GROUP, 'I Have Looked at Them');
    await group().waitFor({ state: 'detached' });
    await badge().waitFor({ state: 'hidden' });
  };

  before(async () => {
    ({ window } = session);
    await window.openView();
    for (const view of ['Agents', 'Tasks']) await window.toggleView(view);
  });

  it('are told when this machine comes back, each beside what it replaced', async () => {
    const [stored] = await desk.memories.store([{ content: 'Retry five times.' }], gemini);
    await row('Retry five times.').waitFor();
    await toWindow.cut();
    await edit('Retry five times.', 'Retry four times.');
    await window.statusText(/Memory: offline, 1 waiting/).waitFor();
    await desk.memories.update(stored!.memory.id, { content: 'Retry six times.' }, gemini);
    await toWindow.mend();
    await group().waitFor();
    await badge().getByText('1', { exact: true }).waitFor();
    await shot('conflict');
    const diff = window.page.locator('.monaco-diff-editor');
    await window.openRow('Memories', 'Retry six times.', diff);
    await diff.locator('.editor.original .view-lines', { hasText: 'Retry four times.' }).waitFor();
    await diff.locator('.editor.modified .view-lines', { hasText: 'Retry six times.' }).waitFor();
    await shot('conflict beside what it replaced');
    await window.command('View: Close All Editors');
    await dismiss();
  });

  it('are told when the other machine comes back, but for those at which a person has looked', async () => {
    await window.page.reload();
    await window.ready();
    const [stored] = await desk.memories.store([{ content: 'Ship from Lyon.' }], gemini);
    await row('Ship from Lyon.').waitFor();
    await toDesk.cut();
    await desk.memories.update(stored!.memory.id, { content: 'Ship from Nice.' }, gemini);
    await edit('Ship from Lyon.', 'Ship from Brest.');
    await toDesk.mend();
    await group().waitFor();
    await badge().getByText('1', { exact: true }).waitFor();
    const { id } = stored!.memory;
    await until(async () => (await desk.memories.get(id, gemini)).content === 'Ship from Brest.');
    await dismiss();
  });
});

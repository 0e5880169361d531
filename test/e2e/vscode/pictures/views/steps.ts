import { type Clip, SETTLED_MS, type View } from '../shot.ts';

/** Asked in other words than the memory that answers it. */
const QUESTION = 'what happens when the bank does not answer';
const PALETTE: Clip = { x: 330, y: 0, width: 620, height: 400 };
const CONNECT = 'Connect Claude Code this way?';

/** What a person sees who takes the steps of the walkthrough; `chat` has the step in the chat. */
export const steps: View = async ({ bench }, _shot, stepShot) => {
  const { page } = bench;
  await bench.command('Memory Central: Store a Memory');
  const fact = await bench.input('Store a Memory');
  await fact.fill('Orders are shipped from Lyon; Paris only handles returns.');
  await stepShot('store', { clip: { ...PALETTE, height: 130 } });
  await page.keyboard.press('Escape');

  await (await bench.search()).pressSequentially(QUESTION, { delay: 20 });
  await bench.quickPick('The bank answers 503').waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await stepShot('recall', { clip: PALETTE });
  await page.keyboard.press('Escape');

  await bench.command('View: Show Memory Central');
  await page.setViewportSize({ width: 860, height: 640 });
  await bench.treeItem('Never charge a card twice').waitFor();
  await bench.command("Memory Central: Import This Workspace's Docs");
  await bench.notification('added').waitFor();
  // Under the pointer it stays.
  await bench.notification('added').hover();
  await stepShot('import');
  await bench.closeNotification('added');

  await bench.command('View: Toggle Primary Side Bar Visibility');
  await bench.command('Memory Central: Connect a Client');
  await bench.quickPick('the tools only').click();
  await bench.input(CONNECT);
  await page.waitForTimeout(SETTLED_MS);
  await stepShot('connect');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 800 });
};

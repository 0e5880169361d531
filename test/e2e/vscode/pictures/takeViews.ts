import type { PictureStage } from './pictureStage.ts';
import type { Shot, View } from './shot.ts';
import { browser, history, timeline } from './views/browser.ts';
import { chat } from './views/chat.ts';
import { code } from './views/code.ts';
import { dashboard } from './views/dashboard.ts';
import { map } from './views/map.ts';
import { redis } from './views/redis.ts';
import { review } from './views/review.ts';
import { health, sideBar } from './views/sideBar.ts';
import { steps } from './views/steps.ts';
import { tasks } from './views/tasks.ts';
import { walkthrough } from './views/walkthrough.ts';
import { welcome } from './views/welcome.ts';

/** Of the window, but where a view needs another. CSS pixels. */
const SIZE = { width: 1280, height: 800 };

/** In this order: what is shown early is not yet full of what others need, and the walkthrough shows the steps that were taken before. */
const VIEWS: Readonly<Record<string, View>> = {
  ...{ steps, sideBar, tasks, review, health, code, redis, welcome, chat, browser, history, timeline },
  ...{ dashboard, map, walkthrough },
};

/**
 * Every view, one after the other. One that cannot be taken keeps no other from it; all of them are told at the end.
 * @param shot into the pictures of the docs @param stepShot into those of the walkthrough
 * @param failed is told of one that could not be taken, while it is still to be seen
 * @param only names of `VIEWS`; empty: all
 */
export async function takeViews(
  stage: PictureStage,
  shot: Shot,
  stepShot: Shot,
  failed: (name: string) => Promise<unknown>,
  only: readonly string[],
): Promise<void> {
  const unknown = only.filter(name => !(name in VIEWS));
  if (unknown.length > 0)
    throw new Error(`There is no view ${unknown.join(', ')}. Choose from: ${Object.keys(VIEWS).join(', ')}`);
  const failures: Error[] = [];
  for (const [name, take] of Object.entries(VIEWS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    try {
      await take(stage, shot, stepShot);
    } catch (error) {
      failures.push(new Error(`The view ${name} cannot be taken.`, { cause: error }));
      await failed(name);
      await stage.bench.page.keyboard.press('Escape');
      await stage.bench.page.setViewportSize(SIZE);
    }
    await stage.bench.command('View: Close All Editors');
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Some views could not be taken.');
}

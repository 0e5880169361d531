import type { Locator } from 'playwright-core';
import { again } from './again.ts';

/** Until the pointer meets it; then it is looked for anew. Milliseconds. */
const MEETS_MS = 10_000;

/**
 * Clicks with the pointer until the click has arrived: none does where the editor draws what is clicked anew between press and release.
 * @param near what shows it under the pointer, such as the row of a button
 */
export async function clickOn(target: Locator, near?: Locator): Promise<void> {
  await target.waitFor({ state: near ? 'attached' : 'visible' });
  await again(async () => {
    // The tip of what the pointer has rested on may lie above it.
    await near?.page().mouse.move(0, 0);
    await near?.hover({ timeout: MEETS_MS });
    const element = await target.elementHandle({ timeout: MEETS_MS });
    if (!element) throw new Error(`${target} is gone.`);
    const arrival = await element.evaluateHandle(node => {
      const arrived = { yet: false };
      node.addEventListener('click', () => (arrived.yet = true), { capture: true, once: true });
      return arrived;
    });
    const failure = await element.click({ timeout: MEETS_MS }).catch((error: unknown) => error);
    // It may have arrived late: then it is not repeated. A page that cannot be asked any more went with a click that led elsewhere.
    if (await arrival.evaluate(({ yet }) => yet).catch(() => failure === undefined)) return;
    throw failure ?? new Error(`The click on ${target} was lost.`);
  });
}

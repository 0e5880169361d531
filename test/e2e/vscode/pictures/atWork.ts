import type { Engine } from '../../../../src/engine/engine.ts';
import type { Caller } from '../../../../src/engine/model/caller.ts';
import { callerOf, NAMESPACE } from './people.ts';

const works = new WeakMap<Engine, Promise<() => Promise<void>>>();

/** Other agents at work on the tasks of a window that was closed. Once for each engine. @returns completes one of the tasks */
export function atWork(engine: Engine): Promise<() => Promise<void>> {
  const known = works.get(engine) ?? begin(engine);
  works.set(engine, known);
  return known;
}

async function begin({ agents, tasks }: Engine): Promise<() => Promise<void>> {
  const session = (client: string): Caller => ({
    ...callerOf(client),
    ...{ instance: `${client}-of-pictures`, lasting: true },
  });
  const [window, claude, gemini] = [session('vscode'), session('claude-code'), session('gemini-cli')];
  await agents.register({ name: 'Claude Code on laptop' }, NAMESPACE, claude);
  await agents.register(
    { name: 'Gemini CLI on laptop', capabilities: ['browser'] },
    ...([NAMESPACE, gemini] as const),
  );
  const submit = async (title: string, more: object = {}) =>
    (await tasks.submit({ title, ...more }, window)).task.id;
  const claim = (id: string, by: Caller) => tasks.claim({ namespace: NAMESPACE, limit: 1, ids: [id] }, by);
  for (const [title, by] of [
    ['Name the idempotency key', claude],
    ['Read the traces of March', gemini],
    ['Count the orders of a day', gemini],
  ] as const) {
    const id = await submit(title, { preferredAgent: agents.idOf(by) });
    await claim(id, by);
    await tasks.complete({ id }, {}, {}, by);
  }
  const retries = await submit('Write the page on payment retries', { preferredAgent: agents.idOf(claude) });
  await claim(retries, claude);
  await tasks.progress({ id: retries }, { progress: 60, note: 'the curve is still missing' }, claude);
  const checkout = await submit('Try the checkout in a browser', {
    ...{ capabilities: ['browser'], preferredAgent: agents.idOf(gemini) },
  });
  await claim(checkout, gemini);
  await submit('Measure the checkout under load', { dependsOn: [checkout] });
  await submit('Translate the invoices');
  await submit('Sign the release', { capabilities: ['signing'] });
  for (const [by, load] of [
    [claude, 0.6],
    [gemini, 0.3],
  ] as const)
    await agents.heartbeat(undefined, { status: 'busy', load }, NAMESPACE, by);
  await agents.leave(window.instance);
  return async () => {
    await tasks.complete({ id: retries }, { summary: 'docs/retries.md' }, {}, claude);
  };
}

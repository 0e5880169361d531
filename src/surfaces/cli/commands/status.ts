import { Command } from 'commander';
import type { EngineStatus } from '../../../engine/engine.ts';
import type { CentralStatus } from '../../../engine/ports/store.ts';
import type { RunCommand } from '../runCommand.ts';
import type { Style } from '../terminal.ts';

/** `status`: one screen that tells whether all is well. */
export function statusCommand(run: RunCommand): Command {
  return new Command('status')
    .summary('Show the store, the model and the counts')
    .description('Show the store, the model and the counts, on one screen. `doctor` looks deeper.')
    .action(
      run(async session => {
        const engine = await session.engine();
        const caller = session.caller();
        const [status, here, all] = await Promise.all([
          engine.status(),
          engine.counts({ namespaces: [session.namespace ?? caller.namespace] }, caller),
          engine.counts({}, caller),
        ]);
        const { store, embedding } = status;
        const { style } = session;
        const row = (name: string, value: string) => `${style('dim', name.padEnd(11))}${value}`;
        session.print(
          {
            version: session.host.version,
            namespace: session.namespace ?? caller.namespace,
            memories: here.total,
            all_memories: all.total,
            mode: status.mode,
            problem: status.problem ?? null,
            pending_embeddings: embedding.pending,
            refused_embeddings: embedding.refused,
            embedding_model: embedding.model,
            model_tried: embedding.tried,
            central: store.central ?? null,
            locked: store.locked ?? null,
            store: { driver: store.driver, location: store.location, bytes: store.bytes },
          },
          [
            row('recall', recallOf(status, style)),
            row(
              'memories',
              [
                `${here.total} in ${session.namespace ?? caller.namespace}`,
                `${all.total} in all`,
                ...(embedding.pending > 0 ? [`${embedding.pending} waiting for an embedding`] : []),
                ...(embedding.refused > 0 ? [`${embedding.refused} refused by the model`] : []),
              ].join(', '),
            ),
            row('store', `${store.location} (${store.driver}, ${sizeOf(store.bytes)})`),
            ...(store.central === undefined ? [] : [row('central', centralOf(store.central, style))]),
            ...(store.locked === undefined ? [] : [row('locked', style('yellow', store.locked))]),
            row('version', session.host.version),
          ].join('\n'),
        );
      }),
    );
}

/** Whether a model works is known from its use, and loading it here would keep the reader waiting. */
function recallOf({ mode, problem, embedding }: EngineStatus, style: Style): string {
  if (mode === 'lexical') return style('yellow', `lexical only: ${problem}`);
  if (embedding.tried) return style('green', `hybrid, ${embedding.model}`);
  return `hybrid, ${embedding.model}, which was not tried yet (memory-central doctor tries it)`;
}

function centralOf({ location, problem, waiting }: CentralStatus, style: Style): string {
  const held = waiting > 0 ? `, ${waiting} ${waiting === 1 ? 'write' : 'writes'} waiting` : '';
  if (problem === undefined) return style('green', `${location}${held}`);
  return style('yellow', `offline${held}: ${problem}`);
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

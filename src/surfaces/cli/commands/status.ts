import { Command } from 'commander';
import type { RunCommand } from '../runCommand.ts';

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
            embedding_model: embedding.model,
            store: { driver: store.driver, location: store.location, bytes: store.bytes },
          },
          [
            row(
              'recall',
              status.mode === 'hybrid'
                ? style('green', `hybrid, ${embedding.model}`)
                : style('yellow', `lexical only: ${status.problem}`),
            ),
            row(
              'memories',
              `${here.total} in ${session.namespace ?? caller.namespace}, ${all.total} in all${
                embedding.pending > 0 ? `, ${embedding.pending} waiting for an embedding` : ''
              }`,
            ),
            row('store', `${store.location} (${store.driver}, ${sizeOf(store.bytes)})`),
            row('version', session.host.version),
          ].join('\n'),
        );
      }),
    );
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

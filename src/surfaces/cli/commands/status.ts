import { Command } from 'commander';
import type { EngineStatus } from '../../../engine/engine.ts';
import type { SearchPlace } from '../../../engine/ports/memoryIndex.ts';
import type { CentralStatus } from '../../../engine/ports/store.ts';
import type { Finding } from '../doctor/finding.ts';
import type { RunCommand } from '../runCommand.ts';
import { searchedWhere } from '../searchedWhere.ts';
import type { Style } from '../terminal.ts';
import { workIn, workText } from '../workIn.ts';

/** `status`: one screen that tells whether all is well. */
export function statusCommand(run: RunCommand): Command {
  return new Command('status')
    .summary('Show the store, the model and the counts')
    .description('Show the store, the model and the counts, on one screen. `doctor` looks deeper.')
    .action(
      run(async session => {
        const engine = await session.engine();
        const caller = session.caller();
        const namespace = session.namespace ?? caller.namespace;
        const [status, here, all] = await Promise.all([
          engine.status(),
          engine.counts({ namespaces: [namespace] }, caller),
          engine.counts({}, caller),
        ]);
        const { store, embedding } = status;
        const reached = store.central !== undefined && store.central.problem === undefined;
        const work = store.central === undefined || reached ? await workIn(namespace, engine) : undefined;
        const workRow = work && workText(work);
        const warnings: Finding[] = [];
        for await (const finding of session.host.checkBriefly(session.runtime, reached))
          warnings.push(finding);
        const { style } = session;
        const row = (name: string, value: string) => `${style('dim', name.padEnd(11))}${value}`;
        session.print(
          {
            version: session.host.version,
            namespace,
            memories: here.total,
            all_memories: all.total,
            mode: status.mode,
            problem: status.problem ?? null,
            pending_embeddings: embedding.pending,
            refused_embeddings: embedding.refused,
            embedding_model: embedding.model,
            model_tried: embedding.tried,
            central: store.central ?? null,
            search: status.search,
            locked: store.locked ?? null,
            work: work ?? null,
            warnings: warnings.map(({ check, message, fix }) => ({ check, message, fix })),
            store: { driver: store.driver, location: store.location, bytes: store.bytes },
          },
          [
            row('recall', recallOf(status, style)),
            row(
              'memories',
              [
                `${here.total} in ${namespace}`,
                `${all.total} in all`,
                ...(embedding.pending > 0 ? [`${embedding.pending} waiting for an embedding`] : []),
                ...(embedding.refused > 0 ? [`${embedding.refused} refused by the model`] : []),
              ].join(', '),
            ),
            ...(workRow === undefined ? [] : [row('work', workRow)]),
            row('store', `${store.location} (${store.driver}, ${sizeOf(store.bytes)})`),
            ...(store.central === undefined ? [] : [row('central', centralOf(store.central, style))]),
            ...(store.central === undefined ? [] : [row('search', searchOf(status.search, style))]),
            ...(store.locked === undefined ? [] : [row('locked', style('yellow', store.locked))]),
            ...warnings.map(({ check, message, fix = '' }) =>
              row(check, `${style('yellow', message)}\n${indented(style('dim', fix))}`),
            ),
            row('version', session.host.version),
          ].join('\n'),
        );
      }),
    );
}

function indented(text: string): string {
  return text.replace(/^/gm, ''.padEnd(11));
}

/** Whether a model works is known from its use, and loading it here would keep the reader waiting. */
function recallOf({ mode, problem, embedding }: EngineStatus, style: Style): string {
  if (mode === 'lexical') return style('yellow', `lexical only: ${problem}`);
  if (embedding.tried) return style('green', `hybrid, ${embedding.model}`);
  return `hybrid, ${embedding.model}, which was not tried yet (memory-central doctor tries it)`;
}

function centralOf({ fix, location, problem, waiting }: CentralStatus, style: Style): string {
  const held = waiting > 0 ? `, ${waiting} ${waiting === 1 ? 'write' : 'writes'} waiting` : '';
  if (problem === undefined) return style('green', `${location}${held}`);
  const next = fix === undefined ? '' : `\n${''.padEnd(11)}${style('dim', fix)}`;
  return `${style('yellow', `offline${held}: ${problem}`)}${next}`;
}

function searchOf(search: SearchPlace, style: Style): string {
  const { problem, reason, server } = search;
  const state = server
    ? `: ${server.documents} documents, ${sizeOf(server.bytes)}, ${server.behind} changes behind`
    : '';
  const where = `${searchedWhere(search)}${state} (${reason})`;
  return problem === undefined ? where : `${where}; ${style('yellow', problem)}`;
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

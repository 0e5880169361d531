import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { callTool } from '../suite/callTool.ts';
import { ThreadHeaps } from './threadHeaps.ts';

/** After the last event of a round: what is gathered, read and drawn because of it is done by then. Milliseconds. */
const SETTLE_MS = 2_000;
const LOOK_MS = 20;
/** So many tasks of each round are this window's. */
const GIVEN = 5;

/**
 * Runs in the extension host, with every view open and both pages side by side. In each round it gives tasks to agents (`given-n`), which the
 * test has worked on and more (`worked-n`), and says what is held then (`held-n`). What both tell each other are files in HEAP_FOLDER.
 */
export async function run(): Promise<void> {
  const folder = process.env['HEAP_FOLDER']!;
  const heaps = new ThreadHeaps();
  await heaps.open();
  for (const view of ['agents', 'tasks', 'memories', 'review', 'sessions', 'health'])
    await vscode.commands.executeCommand(`memoryCentral.${view}.focus`);
  await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
  await vscode.commands.executeCommand('memoryCentral.openBrowser');
  await vscode.commands.executeCommand('workbench.action.newGroupRight');
  await vscode.commands.executeCommand('memoryCentral.openDashboard');
  const told = (name: string) => existsSync(join(folder, name));
  for (let round = 0; ; round++) {
    tell(join(folder, `given-${round}`), await give(round));
    while (!told(`worked-${round}`)) {
      if (told('end')) return;
      await sleep(LOOK_MS);
    }
    await sleep(SETTLE_MS);
    tell(join(folder, `held-${round}`), await heaps.held());
  }
}

/** @returns ids */
async function give(round: number): Promise<readonly string[]> {
  const ids = Array.from({ length: GIVEN }, (_, i) => `given-${round}-${i}`);
  for (const [i, task_id] of ids.entries())
    await callTool('distribute_task', { task_id, title: `Errand ${i} of round ${round}` });
  return ids;
}

/** Whole, or not there. */
function tell(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(value));
  renameSync(`${file}.new`, file);
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { PlaceNow } from '../engine/anchored.ts';
import { stateText } from './markText.ts';

/** The best that can be shown comes first. */
const ORDER: readonly PlaceNow['state'][] = ['here', 'moved', 'changed', 'unchecked', 'gone', 'away'];

/** Opens the code that a memory speaks of, where it is by now; says what became of it where it is not there. */
export async function openAnchor(memory: EditorMemory, id: string): Promise<void> {
  const places = await memory.request('placesOf', { id, caller: await memory.caller() });
  const [place] = [...places].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const { t } = vscode.l10n;
  if (!place)
    throw new MemoryError(
      'not_found',
      t('This memory names no place in code.'),
      t('Select some and anchor it there.'),
    );
  if (place.file !== undefined) return show(place.file, place);
  throw new MemoryError(
    'not_found',
    whatBecame(place),
    t('Select the code that it speaks of now, and anchor it there.'),
  );
}

async function show(file: string, { endLine, startLine, state }: PlaceNow): Promise<void> {
  const start = (startLine ?? 1) - 1;
  const selection = new vscode.Range(start, 0, (endLine ?? start + 1) - 1, Number.MAX_SAFE_INTEGER);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection });
  if (state === 'changed') vscode.window.setStatusBarMessage(`$(warning) ${stateText(state)}`, 5000);
}

function whatBecame({ anchor: { path, repository }, fate, state }: PlaceNow): string {
  const { t } = vscode.l10n;
  if (state === 'away')
    return repository === undefined
      ? t('{0} is in no repository that is open here.', path)
      : t('{0} is in {1}, which is not open here.', path, repository);
  if (fate?.kind === 'deleted') return t('{0} was deleted by commit {1}.', path, fate.commit.slice(0, 7));
  if (fate?.kind === 'elsewhere')
    return t('{0} is not on this branch; commit {1} has it.', path, fate.commit.slice(0, 7));
  return t('{0} is not there.', path);
}

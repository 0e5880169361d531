import * as vscode from 'vscode';
import { MemoryError } from '../../../engine/errors.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { RedisTrial } from '../engine/engineMessages.ts';
import { inertMessage } from '../inertText.ts';
import { askForRedis } from './askForRedis.ts';
import { keepAnswers } from './keepAnswers.ts';
import { NO_REDIS, type RedisAnswers } from './redisAnswers.ts';

/** Asks where the central Redis is, tries it, and keeps the answers: secrets in the secret storage, all else in the settings of the user. */
export async function connectRedis(memory: EditorMemory, secrets: vscode.SecretStorage): Promise<void> {
  for (;;) {
    const answers = await askForRedis();
    if (answers === undefined) return;
    if (answers === 'none') return disconnect(memory, secrets);
    const trial = await attempt(memory, answers);
    if (trial === 'again') continue;
    if (trial === undefined) return;
    await memory.changeTogether(() => keepAnswers(secrets, answers));
    return tell(memory, trial);
  }
}

/** @returns what is there; `again` to answer anew; undefined when it was given up */
async function attempt(
  memory: EditorMemory,
  answers: RedisAnswers,
): Promise<RedisTrial | 'untried' | 'again' | undefined> {
  try {
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Trying the central Redis') },
      () => memory.request('tryRedis', { overrides: { ...NO_REDIS, ...answers } }),
    );
  } catch (error) {
    if (!MemoryError.is(error)) throw error;
    const change = vscode.l10n.t('Change');
    const save = vscode.l10n.t('Save All the Same');
    const detail = `${error.fix} ${vscode.l10n.t('Until it answers, memories are read and written on this machine, and brought there later.')}`;
    const choice = await vscode.window.showWarningMessage(
      error.message,
      { modal: true, detail },
      change,
      save,
    );
    if (choice === change) return 'again';
    return choice === save ? 'untried' : undefined;
  }
}

async function tell(memory: EditorMemory, trial: RedisTrial | 'untried'): Promise<void> {
  if (trial === 'untried') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The central Redis is kept; it is tried again by itself.'),
    );
    return;
  }
  const { store } = await memory.status();
  const location = store.central?.location ?? '';
  const doctor = vscode.l10n.t('Show What to Mend');
  const message =
    trial.problems.length === 0
      ? vscode.l10n.t('Connected to {0}.', location)
      : vscode.l10n.t('Connected to {0}. Something is to be mended there: {1}', location, trial.problems[0]!);
  const choice = await vscode.window.showInformationMessage(
    inertMessage(message),
    ...(trial.problems.length > 0 ? [doctor] : []),
  );
  if (choice === doctor) await vscode.commands.executeCommand('memoryCentral.doctor');
}

async function disconnect(memory: EditorMemory, secrets: vscode.SecretStorage): Promise<void> {
  await memory.changeTogether(() => keepAnswers(secrets, NO_REDIS));
  const { store } = await memory.status();
  // The environment or a file of the data directory may name one still.
  if (store.central)
    throw new MemoryError(
      'conflict',
      `The environment or a settings file still names ${store.central.location}.`,
      'Take REDIS_URL or REDIS_HOST out there; settings.json and the secret storage name none any more.',
    );
  void vscode.window.showInformationMessage(vscode.l10n.t('Memories stay on this machine.'));
}

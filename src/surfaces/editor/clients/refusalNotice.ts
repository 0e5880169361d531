import * as vscode from 'vscode';
import type { EditorMemory } from '../editorMemory.ts';
import { inertMessage } from '../inertText.ts';

/** Says once, until it is mended, that the central Redis does not take the password, and lets a person give another. */
export class RefusalNotice implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #listener: vscode.Disposable;
  #told: string | undefined;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#listener = memory.onDidLearnStatus(({ store: { central } }) => {
      const refusal = central?.refused ? central.problem : undefined;
      if (refusal !== undefined && refusal !== this.#told) void this.#tell(refusal);
      this.#told = refusal;
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #tell(refusal: string): Promise<void> {
    const { t } = vscode.l10n;
    const text = `${refusal} ${t('Until it is set, memories are read and written on this machine only.')}`;
    const set = t('Set Password');
    const choice = await vscode.window.showWarningMessage(inertMessage(text), set, t('Show Logs'));
    if (choice === set) await vscode.commands.executeCommand('memoryCentral.setRedisPassword');
    else if (choice !== undefined) this.#memory.log.show();
  }
}

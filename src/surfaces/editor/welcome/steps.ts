import * as vscode from 'vscode';

/** Steps of the walkthrough, as they are noted once they worked. */
export type Step = 'stored' | 'recalled' | 'imported' | 'asked' | 'connected';

/** Ticks a step of the walkthrough; src/build/walkthrough.ts waits for it. */
export function noteStep(step: Step): void {
  void vscode.commands.executeCommand('setContext', `memoryCentral.${step}`, true);
}

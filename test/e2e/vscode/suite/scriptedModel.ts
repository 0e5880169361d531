import * as vscode from 'vscode';
import { until } from './until.ts';

export interface Script {
  /** What the model was asked, newest last. */
  readonly asked: readonly string[];
  /** What it was asked, and the names of the tools that it was offered then, newest last. */
  readonly offers: readonly { readonly asked: string; readonly tools: readonly string[] }[];
}

/** The scripted model, once the editor offers it. */
export async function scriptedModel(): Promise<Script> {
  const script = await vscode.extensions
    .getExtension<Script>('memory-central-test.scripted-model')!
    .activate();
  await until('the scripted model', async () => {
    const models = await vscode.lm.selectChatModels({ vendor: 'scripted' });
    return models.length > 0;
  });
  return script;
}

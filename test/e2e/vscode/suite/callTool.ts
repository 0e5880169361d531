import * as vscode from 'vscode';

/** What a tool of ours answers to a language model. */
export async function callTool(name: string, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(`memoryCentral_${name}`, {
    input,
    toolInvocationToken: undefined,
  });
  return result.content.map(part => (part as vscode.LanguageModelTextPart).value).join('\n');
}

/** Stores and returns the id. */
export async function store(content: string, more: object = {}): Promise<string> {
  const id = /^(?:Stored|Known already as) (\S+?)[; ]/.exec(
    await callTool('store_memory', { content, ...more }),
  )?.[1];
  if (!id) throw new Error('nothing was stored');
  return id;
}

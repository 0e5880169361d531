import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension', () => {
  it('is active in the real editor without having started its engine', async () => {
    const extension = vscode.extensions.getExtension('memory-central.memory-central');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command of its manifest', async () => {
    const { packageJSON } = vscode.extensions.getExtension('memory-central.memory-central')!;
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of packageJSON.contributes.commands) assert.ok(known.has(command), command);
  });

  it('registers every language-model tool of its manifest', () => {
    const { packageJSON } = vscode.extensions.getExtension('memory-central.memory-central')!;
    const known = new Set(vscode.lm.tools.map(tool => tool.name));
    for (const { name } of packageJSON.contributes.languageModelTools) assert.ok(known.has(name), name);
  });
});

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** Bytes of a program that is loaded at the start. */
const MOST = 300_000;

describe('the extension', () => {
  it('is active in the real editor without having started its engine', async () => {
    const extension = vscode.extensions.getExtension('memory-central.memory-central');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('has loaded its own program only, which is small', () => {
    const { extensionPath } = vscode.extensions.getExtension('memory-central.memory-central')!;
    const programs = ['editor.js', 'extension.js'].map(file => join(extensionPath, 'dist', file));
    // What every module of this process was loaded from; suites and what they need are among it.
    const loaded = Object.keys(createRequire(programs[0]!).cache).filter(
      path => path.startsWith(extensionPath) && !path.startsWith(join(extensionPath, '.cache')),
    );
    const ours = loaded.filter(path => path.startsWith(join(extensionPath, 'dist')));
    assert.deepEqual(ours.sort(), programs);
    for (const path of loaded) assert.ok(statSync(path).size <= MOST, path);
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
